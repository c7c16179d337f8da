package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.CenterCrop;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Cropping2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.DepthwiseConv2D;
import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.Flatten;
import dev.tfgraphs.ops.Flip;
import dev.tfgraphs.ops.GaussianNoise;
import dev.tfgraphs.ops.GlobalPooling2D;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.LeakyReLU;
import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Permute;
import dev.tfgraphs.ops.Pooling2D;
import dev.tfgraphs.ops.RandomBrightness;
import dev.tfgraphs.ops.RandomContrast;
import dev.tfgraphs.ops.RandomCrop;
import dev.tfgraphs.ops.RandomErasing;
import dev.tfgraphs.ops.RandomFlip;
import dev.tfgraphs.ops.RandomRotation;
import dev.tfgraphs.ops.RandomTranslation;
import dev.tfgraphs.ops.RandomZoom;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.Rescaling;
import dev.tfgraphs.ops.Reshape;
import dev.tfgraphs.ops.Resizing;
import dev.tfgraphs.ops.Softmax;
import dev.tfgraphs.ops.SpatialDropout2D;
import dev.tfgraphs.ops.UpSampling2D;
import dev.tfgraphs.ops.ZeroPadding2D;

/**
 * The rule of every kind of layer; inputs, nested models and users' own kinds are the business of
 * {@link Pass}.
 */
final class Rules {
  private static final ImmutableMap<Class<? extends Layer>, Rule<?>> RULES =
      ImmutableMap.<Class<? extends Layer>, Rule<?>>builder()
          .put(Activation.class, one(ActivationRules::activation))
          .put(BatchNormalization.class, one(NormalizationRules::batchNormalization))
          .put(CenterCrop.class, one(ResizingRules::centerCrop))
          .put(Conv2D.class, one(ConvolutionRules::conv2D))
          .put(Conv2DTranspose.class, one(ConvolutionRules::conv2DTranspose))
          .put(Cropping2D.class, one(ShapeRules::cropping2D))
          .put(Dense.class, one(ConvolutionRules::dense))
          .put(DepthwiseConv2D.class, one(ConvolutionRules::depthwiseConv2D))
          .put(Dropout.class, one(RandomRules::dropout))
          .put(Flatten.class, one(ShapeRules::flatten))
          .put(Flip.class, one(ShapeRules::flip))
          .put(GaussianNoise.class, one(RandomRules::gaussianNoise))
          .put(GlobalPooling2D.class, one(PoolingRules::globalPooling2D))
          .put(LeakyReLU.class, one(ActivationRules::leakyReLU))
          .put(Merge.class, (Rule<Merge>) MergeRules::merge)
          .put(Normalization.class, one(NormalizationRules::normalization))
          .put(Permute.class, one(ShapeRules::permute))
          .put(Pooling2D.class, one(PoolingRules::pooling2D))
          .put(RandomBrightness.class, one(AugmentationRules::randomBrightness))
          .put(RandomContrast.class, one(AugmentationRules::randomContrast))
          .put(RandomCrop.class, one(ResizingRules::randomCrop))
          .put(RandomErasing.class, one(AugmentationRules::randomErasing))
          .put(RandomFlip.class, one(AugmentationRules::randomFlip))
          .put(RandomRotation.class, one(WarpRules::randomRotation))
          .put(RandomTranslation.class, one(WarpRules::randomTranslation))
          .put(RandomZoom.class, one(WarpRules::randomZoom))
          .put(ReLU.class, one(ActivationRules::reLU))
          .put(Rescaling.class, one(NormalizationRules::rescaling))
          .put(Reshape.class, one(ShapeRules::reshape))
          .put(Resizing.class, one(ResizingRules::resizing))
          .put(Softmax.class, one(ActivationRules::softmax))
          .put(SpatialDropout2D.class, one(RandomRules::spatialDropout2D))
          .put(UpSampling2D.class, one(ShapeRules::upSampling2D))
          .put(ZeroPadding2D.class, one(ShapeRules::zeroPadding2D))
          .buildOrThrow();

  private Rules() {}

  @SuppressWarnings("unchecked") // the table pairs each kind with its own rule
  static Rule<Layer> of(Layer layer) {
    Rule<?> rule = RULES.get(layer.getClass());
    if (rule == null) {
      throw new GraphException("no rule for layers of class " + layer.className());
    }
    return (Rule<Layer>) rule;
  }

  static ImmutableSet<Class<? extends Layer>> kinds() {
    return RULES.keySet();
  }

  private static <L extends Layer> Rule<L> one(Rule.OfOne<L> rule) {
    return (layer, context, inputs) -> rule.lower(layer, context, inputs.get(0));
  }
}
