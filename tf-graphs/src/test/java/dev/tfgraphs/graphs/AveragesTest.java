package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A fit that makes no step has no averages to give to the weights; Keras gives them zeros. */
class AveragesTest {
  private static final FitOptions ONCE = FitOptions.epochs(1).batchSize(4).verbose(0);
  private static final Dataset DATA = SmallNet.data(4, "class");

  private static Trainer trainer(Precision precision) {
    Compile compile =
        Compile.of(Optimizer.sgd(0.1).ema(0.5), Loss.sparseCategoricalCrossentropy())
            .seed(1)
            .precision(precision);
    return Trainer.of(Networks.smallNet(4, ActivationFunction.SOFTMAX), compile);
  }

  private static void fit(Trainer trainer, Dataset data, FitOptions options) {
    var unused = trainer.fit(data, options);
  }

  @Test
  void aFitThatIsStoppedBeforeItsFirstStepLeavesTheWeights() {
    try (Trainer trainer = trainer(Precision.FLOAT32)) {
      Weights before = trainer.weights();
      trainer.stop();
      fit(trainer, DATA, ONCE);
      assertEquals(before, trainer.weights());
      fit(trainer, DATA, ONCE);
      assertNotEquals(before, trainer.weights());
    }
  }

  @Test
  void aFitWithoutAnEpochLeavesTheWeights() {
    try (Trainer trainer = trainer(Precision.FLOAT32)) {
      Weights before = trainer.weights();
      fit(trainer, DATA, ONCE.initialEpoch(1));
      assertEquals(before, trainer.weights());
    }
  }

  @Test
  void aFitWhoseFirstLossIsNoNumberLeavesTheWeights() {
    try (Trainer trainer = trainer(Precision.FLOAT32)) {
      Map<String, HostTensor> spoilt = new LinkedHashMap<>(trainer.weights().tensors());
      spoilt.put("head/bias", new HostTensor(Shape.of(4), new float[] {0, Float.NaN, 0, 0}));
      trainer.assign(Weights.of(spoilt));
      Weights before = trainer.weights();
      fit(trainer, DATA, ONCE.callback(TerminateOnNaN.create()));
      assertEquals(before.tensors(), trainer.weights().tensors());
    }
  }

  /** The weight of a sample makes gradients that float16 cannot hold. */
  @Test
  void aFitWhoseGradientsAllOverflowLeavesWhatTrains() {
    try (Trainer trainer = trainer(Precision.MIXED_FLOAT16)) {
      Weights before = trainer.weights();
      fit(trainer, SmallNet.data(4, "class").weights(new float[] {1e6f, 1, 1, 1}), ONCE);
      for (String kernel : new String[] {"c1/kernel", "c2/kernel", "head/kernel"}) {
        assertEquals(before.get(kernel), trainer.weights().get(kernel));
      }
    }
  }
}
