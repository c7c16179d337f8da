package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.ActivationFunction;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A part with a factor learns as the whole would with another rate. */
class LearningRateFactorTest {
  private static final double RATE = 0.01;

  /** A factor is multiplied in another order than a rate; some kernels divide by it. */
  private static final float ROUNDING = 1e-7f;

  static List<DoubleFunction<Optimizer>> optimizers() {
    return List.of(
        Optimizer::sgd,
        rate -> Optimizer.sgd(rate).momentum(0.9),
        Optimizer::adam,
        rate -> Optimizer.adam(rate).amsgrad(true),
        Optimizer::adamW,
        Optimizer::rmsprop,
        Optimizer::adagrad,
        Optimizer::adadelta,
        Optimizer::adamax,
        Optimizer::nadam,
        rate -> Optimizer.ftrl(rate).beta(0.1),
        Optimizer::lion,
        Optimizer::lamb,
        rate -> Optimizer.sgd(Schedule.exponentialDecay(rate, 2, 0.5)).clipnorm(1));
  }

  @Test
  void noOptimizerIsForgotten() {
    Set<Class<?>> tried =
        optimizers().stream()
            .<Class<?>>map(each -> each.apply(RATE).getClass())
            .collect(Collectors.toSet());
    assertEquals(Set.of(Optimizer.class.getPermittedSubclasses()), tried);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aStepOfAPartIsThatOfItsRate(DoubleFunction<Optimizer> optimizer) {
    Weights common = stepped(optimizer.apply(RATE));
    Weights quarter = stepped(optimizer.apply(RATE / 4));
    Weights parts =
        stepped(
            optimizer
                .apply(RATE)
                .learningRateFactor("^c1/", 0.25)
                .learningRateFactor("head/bias", 1)
                .learningRateFactor("^head", 0.25));
    assertFalse(parts.tensors().isEmpty());
    parts
        .tensors()
        .forEach(
            (name, tensor) -> {
              boolean part = name.startsWith("c1/") || name.equals("head/kernel");
              float[] expected = (part ? quarter : common).get(name).values();
              assertArrayEquals(expected, tensor.values(), ROUNDING, name);
            });
    assertTrue(!common.get("c1/kernel").equals(quarter.get("c1/kernel")));
  }

  private static Weights stepped(Optimizer optimizer) {
    Compile compile = Compile.of(optimizer, Loss.sparseCategoricalCrossentropy()).seed(42);
    ArrayDataset data = SmallNet.data(16, "class");
    try (Trainer trainer = Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile)) {
      trainer.fit(data, FitOptions.epochs(1).batchSize(16).verbose(0));
      return trainer.weights();
    }
  }

  @Test
  void anExpressionThatIsFoundNowhereIsRefused() {
    assertFails(
        "optimizer: learningRateFactor: expected an expression that is found in the name of a"
            + " weight that trains, received '^conv9', but there are [c1/kernel, c1/bias, bn/gamma,"
            + " bn/beta, c2/kernel, c2/bias, head/kernel, head/bias]",
        () -> stepped(Optimizer.adam().learningRateFactor("^conv9", 0.1)));
  }

  @Test
  void anExpressionThatDecidesForNoWeightIsRefused() {
    assertFails(
        "optimizer: learningRateFactor: expected an expression that decides for a weight, received"
            + " '^c1/kernel' after others that are found in the names of all of its weights, such"
            + " as '^c1'",
        () ->
            stepped(
                Optimizer.adam()
                    .learningRateFactor("^c1", 0.1)
                    .learningRateFactor("^c1/kernel", 0.5)));
  }
}
