package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.OptimizerOptions.GlobalJitLevel;

/** How sessions are set up. */
class DevicesTest {
  @Test
  void sessionsLeaveMemoryToOthersAndHideGpusFromWhatRunsOnTheCpu() {
    ConfigProto gpu = Devices.config(true, false);
    assertTrue(gpu.getGpuOptions().getAllowGrowth());
    assertTrue(gpu.getAllowSoftPlacement());
    assertEquals(1, gpu.getDeviceCountOrDefault("GPU", 1));
    assertEquals(0, Devices.config(false, false).getDeviceCountOrDefault("GPU", 1));
  }

  @Test
  void xlaIsOffUnlessItIsAskedFor() {
    assertEquals(GlobalJitLevel.DEFAULT, level(false));
    assertEquals(GlobalJitLevel.ON_1, level(true));
  }

  private static GlobalJitLevel level(boolean jitCompile) {
    return Devices.config(true, jitCompile)
        .getGraphOptions()
        .getOptimizerOptions()
        .getGlobalJitLevel();
  }

  @Test
  void onTheCpuXlaChangesNothing() {
    assertArrayEquals(trained(false), trained(true));
  }

  private static float[] trained(boolean jitCompile) {
    Node x = Layers.input(2);
    Model model = Model.of(x, x.to(Layers.dense(1)));
    Compile compile =
        Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError())
            .seed(1)
            .device(Device.CPU)
            .jitCompile(jitCompile);
    try (Trainer trainer = Trainer.of(model, compile)) {
      trainer.fit(
          Dataset.of(Samples.of(new float[] {1, 2, 3, 4}, 2), Samples.of(new float[] {1, 2}, 1)),
          FitOptions.epochs(2).verbose(0));
      return trainer.weights().get("dense/kernel").values();
    }
  }
}
