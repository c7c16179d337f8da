package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.globalMaxPooling2D;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Node;

/**
 * What Keras's applications, and torchvision's, put on features {@code (batch, height, width,
 * channels)}, under its names. A head of one's own is a function like these.
 */
public final class Heads {
  private Heads() {}

  /**
   * {@return the mean of each channel, {@code (batch, channels)}: Keras's {@code pooling="avg"}}
   */
  public static Node averagePooling(Node features) {
    return features.to(globalAveragePooling2D().name("avg_pool"));
  }

  /** {@return the largest of each channel, {@code (batch, channels)}: {@code pooling="max"}} */
  public static Node maxPooling(Node features) {
    return features.to(globalMaxPooling2D().name("max_pool"));
  }

  /**
   * {@return the probabilities of classes, {@code (batch, classes)}: {@code include_top=True}}
   *
   * @throws dev.tfgraphs.ops.ModelException if {@code classes} is not positive
   */
  public static Node classifier(Node features, int classes) {
    return classifier(features, classes, ActivationFunction.SOFTMAX);
  }

  /**
   * {@return as {@link #classifier(Node, int)} with another {@code classifier_activation}; {@code
   * LINEAR} makes logits, Keras's {@code None}}
   *
   * @throws dev.tfgraphs.ops.ModelException if {@code classes} is not positive
   */
  public static Node classifier(Node features, int classes, ActivationFunction activation) {
    return averagePooling(features).to(dense(classes).activation(activation).name("predictions"));
  }

  /**
   * {@return the logits of classes, {@code (batch, classes)}, as torchvision makes them, under its
   * names}
   *
   * @throws dev.tfgraphs.ops.ModelException if {@code classes} is not positive
   */
  public static Node logits(Node features, int classes) {
    return features.to(globalAveragePooling2D().name("avgpool")).to(dense(classes).name("fc"));
  }
}
