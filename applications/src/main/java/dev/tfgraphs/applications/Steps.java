package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.relu;

import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Node;
import java.util.function.Supplier;

/** What stands between convolutions. */
enum Steps {
  NONE,
  NORMALIZATION,
  RELU,
  NORMALIZATION_RELU;

  Node on(Node x, Supplier<? extends Layer> normalization) {
    return switch (this) {
      case NONE -> x;
      case NORMALIZATION -> x.to(normalization.get());
      case RELU -> x.to(relu());
      case NORMALIZATION_RELU -> x.to(normalization.get()).to(relu());
    };
  }
}
