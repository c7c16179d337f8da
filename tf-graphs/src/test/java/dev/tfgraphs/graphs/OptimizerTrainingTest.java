package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Five steps of a small net with every optimizer and every option: losses and weights of real
 * Keras. The net has no bias before its batch normalization, whose gradient would be noise.
 */
class OptimizerTrainingTest {
  private static final int SAMPLES = 16;

  /** What float32 sums in another order make of themselves in five steps. */
  private static final double ROUNDING = 2e-5;

  /** Optimizers that divide by the size of gradients make full steps of small ones' roundings. */
  private static final double STEPS_OF_NOISE = 2e-4;

  static Stream<Named<JsonObject>> trainings() {
    return Golden.named("optimizers.json", "trainings");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainings")
  void lossesAndWeightsAreThoseOfKeras(JsonObject one) {
    Optimizer optimizer = KerasObjects.optimizer(one.getAsJsonObject("optimizer"));
    Model model = Networks.smallNet(4, ActivationFunction.SOFTMAX, false);
    Compile compile = Compile.of(optimizer, Loss.sparseCategoricalCrossentropy()).seed(42);
    boolean fit = one.get("name").getAsString().contains("fit");
    double slack = optimizer instanceof SGD ? ROUNDING : STEPS_OF_NOISE;
    try (Trainer trainer = Trainer.of(model, compile)) {
      float[] losses = fit ? fit(trainer) : steps(trainer);
      assertClose("losses", Golden.floats(one.get("losses")), losses, ROUNDING, ROUNDING);
      Map<String, HostTensor> expected = Golden.byPath(one.get("weights"));
      Weights actual = trainer.weights();
      assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.tensors().keySet()));
      expected.forEach((path, tensor) -> assertClose(path, tensor, actual.get(path), slack, slack));
    }
  }

  private static float[] fit(Trainer trainer) {
    FitOptions options = FitOptions.epochs(5).batchSize(SAMPLES).shuffle(false).verbose(0);
    List<Double> losses = trainer.fit(SmallNet.data(SAMPLES, "class"), options).get("loss");
    return floats(losses);
  }

  /** Steps by hand, after which averages do not replace weights. */
  private static float[] steps(Trainer trainer) {
    ArrayDataset data = SmallNet.data(SAMPLES, "class");
    float[] losses = new float[5];
    try (Batches batches = data.open(SAMPLES, false, 1)) {
      for (int i = 0; i < losses.length; i++) {
        batches.begin(i);
        try (Batch batch = batches.next().orElseThrow()) {
          losses[i] = (float) trainer.trainOnBatch(batch).loss();
        }
      }
    }
    return losses;
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  /** A graph of ResNet size must stay small: a handful of ops for each weight. */
  @Test
  void anOptimizerAddsAFewOpsForEachWeight() {
    Optimizer rich =
        Optimizer.adamW().clipnorm(1).gradientAccumulationSteps(2).ema(0.99, 10).lossScaleFactor(8);
    try (Workbench bench =
        new Workbench(Networks.smallNet(4, ActivationFunction.SOFTMAX), Mode.TRAINING)) {
      Emitter e = bench.emitter();
      Map<Variable, org.tensorflow.Output<?>> gradients =
          bench.lowered(Mode.TRAINING).pass().reads();
      long before = operations(e);
      assertEquals(1, new Optimizers(e.under("plain"), Optimizer.adam()).apply(gradients).size());
      long plain = operations(e) - before;
      // a kernel, and for each of two slots a handle, a read and four ops of the first value
      assertTrue(plain <= 16 * gradients.size() + 60, () -> "plain: " + plain);
      assertEquals(1, new Optimizers(e.under("rich"), rich).apply(gradients).size());
      long full = operations(e) - before - plain;
      assertTrue(full <= 64 * gradients.size() + 120, () -> "full: " + full);
    }
  }

  private static long operations(Emitter e) {
    long count = 0;
    for (var all = e.graph().operations(); all.hasNext(); all.next()) {
      count++;
    }
    return count;
  }
}
