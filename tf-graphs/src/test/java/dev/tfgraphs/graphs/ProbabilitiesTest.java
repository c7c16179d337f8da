package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.ActivationFunction.HARD_SIGMOID;
import static dev.tfgraphs.ops.ActivationFunction.LINEAR;
import static dev.tfgraphs.ops.ActivationFunction.SIGMOID;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.ActivationFunction.TANH;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that ends in what its loss takes for probabilities, and that is none, is warned of. */
class ProbabilitiesTest {
  private static final Node X = input(8, 8, 3);
  private static final Node FLAT = X.to(flatten());
  private static final Node LOGITS = FLAT.to(dense(4));
  private static final String OR = ", or take the loss with fromLogits(true)";

  static Stream<Arguments> forgotten() {
    Loss sparse = Loss.sparseCategoricalCrossentropy();
    Node nested = Model.of(X, LOGITS).call(List.of(input(8, 8, 3))).get(0);
    String found = "sparse_categorical_crossentropy, received one that ends in ";
    String softmax = " and will train wrong; end it in activation(SOFTMAX)";
    String sigmoid = " and will train wrong; end it in activation(SIGMOID)";
    return Stream.of(
        arguments(LOGITS, sparse, found + "LINEAR" + softmax + OR),
        arguments(LOGITS, sparse.reduction(Reduction.SUM), found + "LINEAR" + softmax + OR),
        arguments(nested, sparse, found + "LINEAR" + softmax + OR),
        arguments(LOGITS.to(activation(LINEAR)), sparse, found + "LINEAR" + softmax + OR),
        arguments(
            X.to(conv2D(4, 1)).to(globalAveragePooling2D()),
            sparse,
            found + "LINEAR" + softmax + OR),
        arguments(LOGITS.to(relu()), sparse, found + "RELU" + softmax + OR),
        arguments(FLAT.to(dense(4).activation(TANH)), sparse, found + "TANH" + softmax + OR),
        arguments(
            LOGITS,
            Loss.categoricalCrossentropy(),
            "categorical_crossentropy, received one that ends in LINEAR" + softmax + OR),
        arguments(
            LOGITS,
            Loss.categoricalFocalCrossentropy(),
            "categorical_focal_crossentropy, received one that ends in LINEAR" + softmax + OR),
        arguments(
            LOGITS,
            Loss.categoricalGeneralizedCrossEntropy(0.5),
            "categorical_generalized_cross_entropy, received one that ends in LINEAR" + softmax),
        arguments(
            FLAT.to(dense(1)),
            Loss.binaryCrossentropy(),
            "binary_crossentropy, received one that ends in LINEAR" + sigmoid + OR),
        arguments(
            FLAT.to(dense(1)),
            Loss.binaryFocalCrossentropy(),
            "binary_focal_crossentropy, received one that ends in LINEAR" + sigmoid + OR));
  }

  @ParameterizedTest
  @MethodSource("forgotten")
  void aForgottenSoftmaxOrSigmoidIsWarnedOf(Node node, Loss loss, String words) {
    assertEquals(
        Optional.of("compile: expected output 'out' to end in probabilities, for " + words),
        Probabilities.warning("out", node, loss));
  }

  static Stream<Arguments> meant() {
    Loss sparse = Loss.sparseCategoricalCrossentropy();
    Node softmax = FLAT.to(dense(4).activation(SOFTMAX));
    return Stream.of(
        arguments(softmax, sparse),
        arguments(LOGITS.to(softmax()), sparse),
        arguments(softmax.to(activation(LINEAR)).to(dropout(0.1)), sparse),
        arguments(FLAT.to(dense(4).activation(SIGMOID)), sparse),
        arguments(FLAT.to(dense(1).activation(HARD_SIGMOID)), Loss.binaryCrossentropy()),
        arguments(LOGITS, Loss.sparseCategoricalCrossentropy().fromLogits(true)),
        arguments(LOGITS, Loss.categoricalCrossentropy().fromLogits(true)),
        arguments(LOGITS, Loss.categoricalFocalCrossentropy().fromLogits(true)),
        arguments(LOGITS, Loss.binaryCrossentropy().fromLogits(true)),
        arguments(LOGITS, Loss.binaryFocalCrossentropy().fromLogits(true)),
        arguments(LOGITS, Loss.meanSquaredError()),
        arguments(add(softmax, softmax), sparse),
        arguments(X, sparse));
  }

  @ParameterizedTest
  @MethodSource("meant")
  void whatMayBeMeantIsNot(Node node, Loss loss) {
    assertEquals(Optional.empty(), Probabilities.warning("out", node, loss));
  }
}
