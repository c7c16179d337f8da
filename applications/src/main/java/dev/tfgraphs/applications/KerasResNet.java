package dev.tfgraphs.applications;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;

/**
 * The six residual networks of Keras's applications, layer by layer and name by name, so that
 * weights of the one are weights of the other (keras/src/applications/resnet.py and resnet_v2.py).
 *
 * <p>A network is its features and a head: {@code RESNET50.model(x -> Heads.classifier(x, 10), 64,
 * 64, 3)}, or on whatever node there is {@code Heads.averagePooling(RESNET50.features(x))}.
 */
public enum KerasResNet implements Backbone {
  /** Keras's {@code ResNet50}. */
  RESNET50(BottleneckStyle.V1, 3, 4, 6, 3),
  /** Keras's {@code ResNet101}. */
  RESNET101(BottleneckStyle.V1, 3, 4, 23, 3),
  /** Keras's {@code ResNet152}. */
  RESNET152(BottleneckStyle.V1, 3, 8, 36, 3),
  /** Keras's {@code ResNet50V2}. */
  RESNET50V2(BottleneckStyle.V2, 3, 4, 6, 3),
  /** Keras's {@code ResNet101V2}. */
  RESNET101V2(BottleneckStyle.V2, 3, 4, 23, 3),
  /** Keras's {@code ResNet152V2}. */
  RESNET152V2(BottleneckStyle.V2, 3, 8, 36, 3);

  /** As Keras has it. */
  private static final int LEAST_SIZE = 32;

  private final BottleneckStyle style;
  private final ImmutableList<Integer> blocks;

  KerasResNet(BottleneckStyle style, Integer... blocks) {
    this.style = style;
    this.blocks = ImmutableList.copyOf(blocks);
  }

  /** {@return how many blocks there are in each of the four stages} */
  public ImmutableList<Integer> blocks() {
    return blocks;
  }

  @Override
  public ImagePreprocessing preprocessing() {
    return style.preprocessing();
  }

  /**
   * {@return the network without a head: {@code (batch, height / 32, width / 32, 2048)}, sizes
   * rounded up; Keras's {@code include_top=False}}
   *
   * @param images {@code (batch, height, width, channels)} of 32 x 32 or more; height and width may
   *     be unknown, and channels are 3 for the published weights
   * @throws ModelException if the images are smaller, or if their rank is another
   */
  @Override
  public Node features(Node images) {
    Shape shape = images.shape();
    if (shape.rank() != 4 || isSmall(shape.size(1)) || isSmall(shape.size(2))) {
      throw new ModelException(
          modelName()
              + ": expected images (batch, height, width, channels) of 32 x 32 or more, received "
              + shape);
    }
    return style.features(images, blocks);
  }

  private static boolean isSmall(int size) {
    return size != Shape.UNKNOWN && size < LEAST_SIZE;
  }

  @Override
  public ImmutableList<String> levels() {
    return style.levels(blocks);
  }

  /**
   * {@return the network that the weights with a top are for: probabilities of ImageNet's 1,000
   * classes for images of 224 x 224}
   */
  @Override
  public Model model() {
    return model(features -> Heads.classifier(features, PublishedWeights.CLASSES), 224, 224, 3);
  }

  /** {@return the published weights of {@link #model()}} */
  public PublishedWeights weights() {
    return PublishedWeights.of(this, true);
  }

  /** {@return the published weights of the features alone} */
  public PublishedWeights weightsWithoutTop() {
    return PublishedWeights.of(this, false);
  }
}
