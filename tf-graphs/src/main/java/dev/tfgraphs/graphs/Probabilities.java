package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.Flatten;
import dev.tfgraphs.ops.GlobalPooling2D;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.Reshape;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether an output that a loss takes for probabilities plainly is none. Keras trains such a model
 * without a word, and so do we, with one.
 */
final class Probabilities {
  private static final Logger LOG = LoggerFactory.getLogger(Probabilities.class);

  private Probabilities() {}

  /** Warns of an output that plainly is not what its loss expects. */
  static void check(String output, Node node, Loss loss) {
    warning(output, node, loss).ifPresent(LOG::warn);
  }

  /** What is to be said of {@code node} as the output of that name. */
  static Optional<String> warning(String output, Node node, Loss loss) {
    if (loss instanceof Loss.Reduced reduced) {
      return warning(output, node, reduced.loss());
    }
    if (!(loss instanceof Crossentropy crossentropy) || fromLogits(crossentropy)) {
      return Optional.empty();
    }
    return ending(node)
        .filter(function -> !makesProbabilities(function))
        .map(
            function ->
                "compile: expected output '%s' to end in probabilities, for %s, received one that"
                        .formatted(output, Metrics.name(loss))
                    + " ends in %s and will train wrong; end it in activation(%s)%s"
                        .formatted(
                            function.name(),
                            wanted(crossentropy),
                            crossentropy instanceof Crossentropy.CategoricalGeneralized
                                ? ""
                                : ", or take the loss with fromLogits(true)"));
  }

  private static boolean fromLogits(Crossentropy loss) {
    if (loss instanceof Crossentropy.SparseCategorical sparse) {
      return sparse.fromLogits();
    }
    if (loss instanceof Crossentropy.Categorical categorical) {
      return categorical.fromLogits();
    }
    if (loss instanceof Crossentropy.Binary binary) {
      return binary.fromLogits();
    }
    if (loss instanceof Crossentropy.BinaryFocal focal) {
      return focal.fromLogits();
    }
    return loss instanceof Crossentropy.CategoricalFocal focal && focal.fromLogits();
  }

  private static ActivationFunction wanted(Crossentropy loss) {
    boolean binary =
        loss instanceof Crossentropy.Binary || loss instanceof Crossentropy.BinaryFocal;
    return binary ? ActivationFunction.SIGMOID : ActivationFunction.SOFTMAX;
  }

  /** What is positive may be meant, as categorical losses divide by the sum. */
  private static boolean makesProbabilities(ActivationFunction function) {
    return switch (function) {
      case SOFTMAX, SIGMOID, HARD_SIGMOID, EXPONENTIAL, SOFTPLUS -> true;
      default -> false;
    };
  }

  /** The function that {@code node} ends in, where its layers say; most do not. */
  private static Optional<ActivationFunction> ending(Node node) {
    Layer layer = node.layer();
    if (layer instanceof Model nested) {
      return ending(nested.outputs().get(node.index()));
    }
    if (layer instanceof ReLU) {
      return Optional.of(ActivationFunction.RELU);
    }
    Optional<ActivationFunction> own = function(layer);
    boolean passes = own.isPresent() && own.get() == ActivationFunction.LINEAR;
    if ((passes && layer instanceof Activation) || keepsNumbers(layer)) {
      return ending(node.call().inputs().get(0));
    }
    return own;
  }

  private static Optional<ActivationFunction> function(Layer layer) {
    if (layer instanceof Activation activation) {
      return Optional.of(activation.function());
    }
    if (layer instanceof Dense dense) {
      return Optional.of(dense.activation());
    }
    if (layer instanceof Conv2D convolution) {
      return Optional.of(convolution.activation());
    }
    return layer instanceof Conv2DTranspose transpose
        ? Optional.of(transpose.activation())
        : Optional.empty();
  }

  /** Whether the results are the inputs, or means or maxima of them. */
  private static boolean keepsNumbers(Layer layer) {
    return layer instanceof Flatten
        || layer instanceof Reshape
        || layer instanceof Dropout
        || layer instanceof GlobalPooling2D;
  }
}
