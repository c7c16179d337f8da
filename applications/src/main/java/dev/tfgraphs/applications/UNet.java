package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import java.util.List;

/**
 * A network that tells of every pixel which class it is of, after Ronneberger et al., "U-Net:
 * Convolutional Networks for Biomedical Image Segmentation" (2015): from the features of a backbone
 * back to the size of the image, by way of its levels. {@code UNet.defaults().on(RESNET50, 21, 256,
 * 256, 3)}.
 *
 * <p>Each step doubles height and width, puts the backbone's features of that size beside what it
 * has, and convolves both twice. Convolutions are followed by batch normalization and have no bias.
 *
 * @param widths the channels of each step, the coarsest first: five steps make the image's size,
 *     and each less halves that of the result
 * @param dropout how likely features are dropped before the classes are told
 * @param interpolation how steps double
 */
public record UNet(ImmutableList<Integer> widths, double dropout, Interpolation interpolation) {
  /**
   * As described.
   *
   * @throws ModelException if there are no widths, or more than five
   */
  public UNet {
    if (widths.isEmpty() || widths.size() > 5) {
      throw new ModelException("UNet: expected one to five widths, received " + widths);
    }
  }

  /**
   * {@return widths 256, 128, 64, 32 and 16, no dropout, and the nearest pixel where it doubles}
   */
  public static UNet defaults() {
    return new UNet(ImmutableList.of(256, 128, 64, 32, 16), 0, Interpolation.NEAREST);
  }

  /**
   * {@return this network with other widths}
   *
   * @throws ModelException if there are none, or more than five
   */
  public UNet widths(Integer... widths) {
    return new UNet(ImmutableList.copyOf(widths), dropout, interpolation);
  }

  /** {@return this network with dropout of this rate} */
  public UNet dropout(double rate) {
    return new UNet(widths, rate, interpolation);
  }

  /** {@return this network with steps that double otherwise, nearest or bilinear} */
  public UNet interpolation(Interpolation interpolation) {
    return new UNet(widths, dropout, interpolation);
  }

  /**
   * {@return the model from images to the probabilities of classes, {@code (batch, height, width,
   * classes)}}
   *
   * @param sizes {@code (height, width, channels)} of images; 32 divides height and width, which
   *     may be unknown
   * @throws ModelException if the sizes do not fit the backbone or 32 does not divide them, if
   *     {@code classes} or a width is not positive, or if the dropout is not from 0 to 1
   */
  public Model on(Backbone backbone, int classes, int... sizes) {
    Levels.checkDivisible("UNet", sizes);
    Model base = backbone.backbone(sizes);
    List<Node> levels = backbone.levels().stream().map(base::output).toList();
    Node x = levels.get(4);
    for (int step = 0; step < widths.size(); step++) {
      x = x.to(upSampling2D(2).interpolation(interpolation));
      x = step < 4 ? concatenate(x, levels.get(3 - step)) : x;
      x = convolved(convolved(x, widths.get(step)), widths.get(step));
    }
    x = x.to(Layers.dropout(dropout));
    return Model.of(base.input(), x.to(conv2D(classes, 1).activation(SOFTMAX)));
  }

  private static Node convolved(Node x, int filters) {
    return x.to(conv2D(filters, 3).padding(SAME).useBias(false))
        .to(batchNormalization())
        .to(relu());
  }
}
