package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.ActivationFunction.RELU;
import static dev.tfgraphs.ops.ActivationFunction.SIGMOID;
import static dev.tfgraphs.ops.Layers.activation;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.reshape;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network that detects objects, of Lin et al., "Focal Loss for Dense Object Detection" (2017), on
 * the pyramid of features of Lin et al., "Feature Pyramid Networks for Object Detection" (2017):
 * {@code RetinaNet.defaults().on(RESNET50, 80, 640, 640, 3)}.
 *
 * <p>The pyramid's levels P3 to P5 are the backbone's of an eighth to a thirty-second of the image,
 * brought to as many channels, summed with the doubled coarser one and smoothed by a 3 x 3
 * convolution. P6 is a convolution of the backbone's last level with stride 2, P7 one of P6. Two
 * heads of four convolutions and one more are the same at all five.
 *
 * @param channels those of the pyramid and of the heads
 * @param anchors how many boxes a place has
 * @param interpolation how a coarser level is doubled
 */
public record RetinaNet(int channels, int anchors, Interpolation interpolation) {
  /** How likely the paper has any class be in any box when training begins. */
  public static final double PRIOR = 0.01;

  /** {@return the paper's: 256 channels, nine anchors, and the nearest pixel where it doubles} */
  public static RetinaNet defaults() {
    return new RetinaNet(256, 9, Interpolation.NEAREST);
  }

  /** {@return this network with so many channels in pyramid and heads} */
  public RetinaNet channels(int channels) {
    return new RetinaNet(channels, anchors, interpolation);
  }

  /** {@return this network with so many boxes at a place} */
  public RetinaNet anchors(int anchors) {
    return new RetinaNet(channels, anchors, interpolation);
  }

  /** {@return this network with levels doubled otherwise, nearest or bilinear} */
  public RetinaNet interpolation(Interpolation interpolation) {
    return new RetinaNet(channels, anchors, interpolation);
  }

  /**
   * {@return the model from images to the probability of each class in each box, {@code (batch,
   * boxes, classes)}, and to the boxes' offsets from their anchors, {@code (batch, boxes, 4)}}
   *
   * <p>Boxes come level by level, the finest first, row by row, and at a place anchor by anchor.
   * Classes exclude each other not; their biases begin with {@code -log((1 - PRIOR) / PRIOR)}.
   *
   * @param sizes {@code (height, width, channels)} of images; 32 divides height and width, which
   *     may be unknown
   * @throws dev.tfgraphs.ops.ModelException if the sizes do not fit the backbone or 32 does not
   *     divide them, or if {@code classes}, channels or anchors are not positive
   */
  public Model on(Backbone backbone, int classes, int... sizes) {
    Levels.checkDivisible("RetinaNet", sizes);
    Model base = backbone.backbone(sizes);
    List<Node> pyramid = pyramid(backbone.levels().stream().map(base::output).toList());
    Initializer prior = Initializer.constant(-Math.log((1 - PRIOR) / PRIOR));
    Conv2D logits = head("class_logits", anchors * classes).biasInitializer(prior);
    Node scores = everywhere(pyramid, head("class_conv", logits), classes);
    Node boxes = everywhere(pyramid, head("box_conv", head("box_offsets", anchors * 4)), 4);
    return Model.of(base.inputs(), List.of(scores.to(activation(SIGMOID).name("classes")), boxes));
  }

  /** P3 to P7 of the backbone's levels. */
  ImmutableList<Node> pyramid(List<Node> levels) {
    Node c5 = levels.get(4);
    Node p5 = c5.to(conv2D(channels, 1).name("fpn_c5p5"));
    Node p4 = merged(p5, levels.get(3).to(conv2D(channels, 1).name("fpn_c4p4")));
    Node p3 = merged(p4, levels.get(2).to(conv2D(channels, 1).name("fpn_c3p3")));
    Node p6 = c5.to(conv2D(channels, 3).strides(2).padding(SAME).name("fpn_p6"));
    Node p7 = p6.to(relu()).to(conv2D(channels, 3).strides(2).padding(SAME).name("fpn_p7"));
    return ImmutableList.of(
        smoothed(p3, "fpn_p3"), smoothed(p4, "fpn_p4"), smoothed(p5, "fpn_p5"), p6, p7);
  }

  private Node merged(Node coarse, Node fine) {
    return add(coarse.to(upSampling2D(2).interpolation(interpolation)), fine);
  }

  private Node smoothed(Node x, String name) {
    return x.to(conv2D(channels, 3).padding(SAME).name(name));
  }

  private ImmutableList<Layer> head(String name, Conv2D last) {
    Stream<Layer> first = Stream.of(1, 2, 3, 4).map(i -> head(name + i, channels).activation(RELU));
    return Stream.concat(first, Stream.of(last)).collect(ImmutableList.toImmutableList());
  }

  private static Conv2D head(String name, int filters) {
    return conv2D(filters, 3)
        .padding(SAME)
        .kernelInitializer(Initializer.randomNormal(0, 0.01))
        .name(name);
  }

  /** The same layers on each level, and what they make of all places in one list. */
  private static Node everywhere(List<Node> pyramid, List<Layer> head, int size) {
    return concatenate()
        .axis(1)
        .on(pyramid.stream().map(level -> boxes(level, head, size)).toArray(Node[]::new));
  }

  private static Node boxes(Node level, List<Layer> head, int size) {
    Node x = level;
    for (Layer layer : head) {
      x = x.to(layer);
    }
    return x.to(reshape(-1, size));
  }
}
