package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.function.UnaryOperator;

/**
 * A published residual network: features that other networks are built on. A network is its
 * features and a head, such as {@code x -> Heads.classifier(x, 10)}.
 */
public interface Backbone {
  /** {@return the constant's name} */
  String name();

  /** {@return what the model is called where it is published: {@code resnet50v2}} */
  default String modelName() {
    return Ascii.toLowerCase(name());
  }

  /** {@return what the published weights expect of images} */
  ImagePreprocessing preprocessing();

  /**
   * {@return the network without a head: {@code (batch, height / 32, width / 32, channels)}, sizes
   * rounded up}
   *
   * @param images {@code (batch, height, width, channels)}; height and width may be unknown, and
   *     channels are 3 for the published weights
   * @throws dev.tfgraphs.ops.ModelException if the images do not fit
   */
  Node features(Node images);

  /**
   * {@return the layers that make the features of a half, a fourth, an eighth, a sixteenth and a
   * thirty-second of the images' height and width, the last ones before these are halved}
   */
  ImmutableList<String> levels();

  /**
   * {@return the features of images {@code (height, width, channels)} as a model to build on,
   * called as it is published}
   *
   * @throws dev.tfgraphs.ops.ModelException as {@link #features}
   */
  default Model backbone(int... sizes) {
    return model(features -> features, sizes);
  }

  /**
   * {@return what {@code head} makes of the features of images {@code (height, width, channels)},
   * as a model called as it is published; height and width may be unknown, with a classifier too}
   *
   * @throws dev.tfgraphs.ops.ModelException as {@link #features}
   */
  default Model model(UnaryOperator<Node> head, int... sizes) {
    Node images = input(sizes);
    return Model.of(images, head.apply(features(images))).name(modelName());
  }

  /**
   * {@return the network that the published weights are for, with a head that tells apart
   * ImageNet's 1,000 classes, for images of 224 x 224}
   */
  Model model();
}
