package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.Locale;

/** The network and the image that Keras was asked about (conformance/makers/attributions.py). */
final class Attributions {
  static final JsonObject KERAS = Golden.file("attributions.json");
  private static final int VALUES = 8 * 8 * 3;

  private Attributions() {}

  static Model model(String activation) {
    return Networks.smallNet(4, ActivationFunction.valueOf(activation.toUpperCase(Locale.ROOT)));
  }

  /** Keras's first weights, but for other averages in batch normalization. */
  static Weights weights(Model model) {
    Compile compile = Compile.of(Optimizer.sgd(), Loss.meanSquaredError()).seed(42);
    try (Trainer trainer = Trainer.of(model, compile)) {
      return trainer
          .weights()
          .with(
              Weights.of(
                  ImmutableMap.of(
                      "bn/moving_mean", averages("moving_mean"),
                      "bn/moving_variance", averages("moving_variance"))));
    }
  }

  private static HostTensor averages(String name) {
    return new HostTensor(Shape.of(8), Golden.floats(KERAS.get(name)));
  }

  static HostTensor image() {
    float[] second = Arrays.copyOfRange(SmallNet.images(2), VALUES, 2 * VALUES);
    return new HostTensor(Shape.of(1, 8, 8, 3), second);
  }
}
