package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images and weights that both sides make of their places (conformance/makers/keras_resnets.py).
 */
final class Formulas {
  static final double TOLERANCE = 1e-5;

  private Formulas() {}

  /** Whole numbers below 251 without a short period. */
  static float[] pixels(int count) {
    float[] pixels = new float[count];
    for (long i = 0; i < count; i++) {
      pixels[(int) i] = (int) ((7 * i * i + 13 * i) % 251);
    }
    return pixels;
  }

  /** Two images for {@code model} from 0 to 1. */
  static Samples images(Model model) {
    return samples(model.input());
  }

  private static float[] scaled(int count) {
    float[] values = pixels(count);
    for (int i = 0; i < count; i++) {
      values[i] /= 251;
    }
    return values;
  }

  /** Small numbers for each weight, so that no layer passes its input on as it is. */
  static Weights weights(Model model) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (Weight weight : model.weights()) {
      tensors.put(weight.path(), numbers(weight, tensors.size()));
    }
    return Weights.of(tensors);
  }

  private static HostTensor numbers(Weight weight, int index) {
    Shape shape = weight.spec().shape();
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (long i = 0; i < values.length; i++) {
      float step = (int) ((7 * i * i + 13 * i + 5L * index) % 101);
      values[(int) i] =
          switch (weight.spec().name()) {
            case "kernel" -> (step - 50) / 1024;
            case "gamma", "moving_variance" -> (step + 64) / 128;
            default -> (step - 50) / 128;
          };
    }
    return new HostTensor(shape, values);
  }

  static HostTensor predicted(Model model) {
    return predictedAll(model).get(0);
  }

  /** What a model makes of the images with the weights, output by output. */
  static List<HostTensor> predictedAll(Model model) {
    try (Trainer trainer = trainer(model)) {
      trainer.assign(weights(model));
      return trainer.predictAll(Dataset.of(images(model)));
    }
  }

  private static Trainer trainer(Model model) {
    return Trainer.of(model, Compile.of(Optimizer.sgd(1), Loss.meanSquaredError()).seed(1));
  }

  static void assertFeatures(JsonObject row, Model model) {
    assertNumbers(row, predicted(model));
  }

  /** What a model makes is what the row of a fixture has some numbers of. */
  static void assertNumbers(JsonObject row, HostTensor made) {
    assertNumbers(row, made, TOLERANCE);
  }

  /** As above, up to a part of the largest number. */
  static void assertNumbers(JsonObject row, HostTensor made, double tolerance) {
    assertEquals(Fixture.shape(row.get("features_shape")), made.shape());
    float[] expected = Fixture.floats(row.get("features"));
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0);
    for (int i = 0; i < expected.length; i++) {
      float actual = made.values()[row.get("every").getAsInt() * i];
      assertEquals(expected[i], actual, tolerance * largest, "number " + i);
    }
  }

  /**
   * A step of gradients from the first weights of a seed moves all that trains, to finite numbers.
   *
   * @param ends what the weights that nothing can move are called at their ends
   */
  static void assertLearns(Model model, String... ends) {
    List<Samples> targets = model.outputs().stream().map(Formulas::samples).toList();
    Dataset data = Dataset.of(List.of(images(model)), targets);
    try (Trainer trainer = trainer(model)) {
      Weights before = trainer.weights();
      trainer.fit(data, FitOptions.epochs(1).verbose(0));
      Weights after = trainer.weights();
      List<String> unmoved =
          model.weights().stream()
              .filter(Weight::trainable)
              .map(Weight::path)
              .filter(path -> Arrays.stream(ends).noneMatch(path::endsWith))
              .filter(path -> before.get(path).equals(after.get(path)))
              .toList();
      assertEquals(List.of(), unmoved);
      after.tensors().forEach((path, tensor) -> assertFinite(path, tensor));
    }
  }

  private static void assertFinite(String path, HostTensor tensor) {
    for (float value : tensor.values()) {
      assertTrue(Float.isFinite(value), path);
    }
  }

  private static Samples samples(Node output) {
    int[] sizes = output.shape().toArray();
    int[] sample = Arrays.copyOfRange(sizes, 1, sizes.length);
    return Samples.of(scaled(2 * Arrays.stream(sample).reduce(1, Math::multiplyExact)), sample);
  }
}
