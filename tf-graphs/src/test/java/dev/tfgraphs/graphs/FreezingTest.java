package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Regularizer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is frozen keeps every bit, and what it would add to the loss is gone. */
class FreezingTest {
  private static final Compile COMPILE =
      Compile.of(Optimizer.sgd(0.05).momentum(0.9), Loss.sparseCategoricalCrossentropy()).seed(42);

  private static final FitOptions TWICE = FitOptions.epochs(2).batchSize(8).verbose(0);

  record Frozen(Set<String> layers, Set<String> changed) {}

  /** Layers frozen, and the weights that two epochs change. */
  static List<Frozen> frozen() {
    Set<String> bn = Set.of("bn/gamma", "bn/beta", "bn/moving_mean", "bn/moving_variance");
    Set<String> c1 = Set.of("c1/kernel", "c1/bias");
    Set<String> rest = Set.of("c2/kernel", "c2/bias", "head/kernel", "head/bias");
    return List.of(
        // a batch normalization that trains takes out again what a bias before it adds
        new Frozen(Set.of(), union(bn, Set.of("c1/kernel"), rest)),
        new Frozen(Set.of("c1"), union(bn, rest)),
        new Frozen(Set.of("bn"), union(c1, rest)),
        new Frozen(Set.of("c1", "bn"), rest),
        new Frozen(Set.of("c1", "bn", "c2"), Set.of("head/kernel", "head/bias")));
  }

  @SafeVarargs
  private static Set<String> union(Set<String>... sets) {
    Set<String> union = new TreeSet<>();
    for (Set<String> set : sets) {
      union.addAll(set);
    }
    return union;
  }

  private static Model model() {
    return Networks.smallNet(4, ActivationFunction.SOFTMAX);
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void onlyWhatIsNotFrozenChanges(Frozen frozen) {
    Model model = model();
    if (!frozen.layers().isEmpty()) {
      model = model.freeze(frozen.layers().toArray(String[]::new));
    }
    try (Trainer trainer = Trainer.of(model, COMPILE)) {
      Weights before = trainer.weights();
      History history = trainer.fit(SmallNet.data(16, "class"), TWICE);
      assertFalse(history.epochs().isEmpty());
      Weights after = trainer.weights();
      Set<String> changed = new TreeSet<>();
      before
          .tensors()
          .forEach(
              (name, tensor) -> {
                if (!tensor.equals(after.get(name))) {
                  changed.add(name);
                }
              });
      assertEquals(new TreeSet<>(frozen.changed()), changed);
    }
  }

  /** Its loss in training is that of inference, before the first step. */
  @Test
  void aFrozenBatchNormalizationUsesItsMovingStatistics() {
    ArrayDataset data = SmallNet.data(16, "class");
    FitOptions once = FitOptions.epochs(1).batchSize(16).verbose(0);
    try (Trainer frozen = Trainer.of(model().freeze("bn"), COMPILE);
        Trainer free = Trainer.of(model(), COMPILE)) {
      double expected = frozen.evaluate(data).loss();
      assertEquals(expected, frozen.fit(data, once).get("loss").get(0), 1e-5);
      assertNotEquals(expected, free.fit(data, once).get("loss").get(0), 1e-2);
    }
  }

  @Test
  void aFrozenPartOfANestedModelKeepsItsWeights() {
    Node input = input(8, 8, 3);
    Model backbone = Networks.backbone(8, 8);
    Node x = input.to(backbone).to(globalAveragePooling2D());
    Model model = Model.of(input, x.to(dense(4).activation(ActivationFunction.SOFTMAX)));
    try (Trainer trainer = Trainer.of(model.freeze(backbone), COMPILE)) {
      Weights before = trainer.weights();
      assertFalse(trainer.fit(SmallNet.data(16, "class"), TWICE).epochs().isEmpty());
      Weights after = trainer.weights();
      for (String name :
          List.of("stem/kernel", "stem/bias", "stem_bn/gamma", "stem_bn/moving_mean")) {
        assertEquals(before.get("backbone/" + name), after.get("backbone/" + name));
      }
      assertNotEquals(before.get("dense/kernel"), after.get("dense/kernel"));
    }
  }

  @Test
  void penaltiesCountWhileTheirLayerTrains() {
    Dense head =
        dense(4)
            .activation(ActivationFunction.SOFTMAX)
            .kernelRegularizer(Regularizer.l1l2(0.01, 0.02))
            .name("head");
    Node input = input(8, 8, 3);
    Node hidden = input.to(flatten()).to(dense(5).biasRegularizer(Regularizer.l2(1)).name("first"));
    Model model = Model.of(input, hidden.to(head));
    ArrayDataset data = SmallNet.data(16, "class");
    try (Trainer penalized = Trainer.of(model, COMPILE);
        Trainer free = Trainer.of(model.freeze("head"), COMPILE)) {
      double penalty = 0;
      for (float weight : penalized.weights().get("head/kernel").values()) {
        penalty += 0.01 * Math.abs(weight) + 0.02 * weight * weight;
      }
      double loss = free.evaluate(data).loss();
      // in evaluation and in training alike, and not averaged over the batch
      assertEquals(loss + penalty, penalized.evaluate(data).loss(), 1e-5);
      FitOptions once = FitOptions.epochs(1).batchSize(16).verbose(0);
      assertEquals(loss + penalty, penalized.fit(data, once).get("loss").get(0), 1e-5);
      assertEquals(loss, free.fit(data, once).get("loss").get(0), 1e-5);
    }
  }

  @Test
  void aModelWithNothingToTrainIsJudgedButNotFitted() {
    Model frozen = Networks.smallNet(4, ActivationFunction.SOFTMAX).freeze();
    ArrayDataset data = SmallNet.data(16, "class");
    Compile compile = Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(frozen, compile)) {
      assertTrue(trainer.evaluate(data).loss() > 0);
      assertEquals(16, trainer.predict(data).shape().size(0));
      assertFails(
          "fit: expected a weight that trains, received a model whose layers are frozen or have"
              + " none",
          () -> trainer.fit(data, FitOptions.epochs(1)));
    }
  }
}
