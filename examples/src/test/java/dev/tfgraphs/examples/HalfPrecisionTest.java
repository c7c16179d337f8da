package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.rescaling;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.PredictorOptions;
import dev.tfgraphs.graphs.Schedule;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Predicting in bfloat16 costs a trained network no accuracy. */
class HalfPrecisionTest {
  private static final int SIZE = Digits.SIZE;
  private static final int PIXELS = SIZE * SIZE;
  private static final int LEARNED = 797;
  private static final int EPOCHS = 12;
  private static final int BATCH = 16;

  /** Two of a thousand: of the 360 digits that test elsewhere a single one would be more. */
  private static final double MOST = 0.002;

  /** Each way that a digit is shifted by one pixel, and none. */
  private static final int[][] SHIFTS = {{0, 0}, {0, 1}, {1, 0}, {0, -1}, {-1, 0}};

  private static final byte[] IMAGES =
      Bytes.concat(Digits.train().pixels(), Digits.test().pixels());
  private static final int[] LABELS = Ints.concat(Digits.train().labels(), Digits.test().labels());

  private static Model model() {
    Node image = input(SIZE, SIZE, 1);
    Node x = image.to(rescaling(1.0 / Digits.INK)).to(upSampling2D(2));
    return Model.of(image, ResNets.cifarResNet(x, 20, 10));
  }

  private static Weights learned(Model model) {
    Dataset digits =
        Dataset.of(
            Samples.of(Arrays.copyOf(IMAGES, LEARNED * PIXELS), SIZE, SIZE, 1),
            Samples.labels(Arrays.copyOf(LABELS, LEARNED)));
    // a rate that falls to 0: the last steps of a constant one leave accuracy to chance
    int steps = EPOCHS * ((LEARNED + BATCH - 1) / BATCH);
    Optimizer adam = Optimizer.adam(Schedule.cosineDecay(0.003, steps));
    Compile compile = Compile.of(adam, Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      trainer.fit(digits, FitOptions.epochs(EPOCHS).batchSize(BATCH).verbose(0));
      return trainer.weights();
    }
  }

  /** What was not learned from, shifted. */
  private static HostTensor shifted(int down, int right) {
    int count = LABELS.length - LEARNED;
    float[] values = new float[count * PIXELS];
    for (int i = 0; i < values.length; i++) {
      int row = i / SIZE % SIZE - down;
      int column = i % SIZE - right;
      if (row >= 0 && row < SIZE && column >= 0 && column < SIZE) {
        values[i] = IMAGES[(LEARNED + i / PIXELS) * PIXELS + row * SIZE + column];
      }
    }
    return new HostTensor(Shape.of(count, SIZE, SIZE, 1), values);
  }

  private static double accuracy(Predictor predictor) {
    int right = 0;
    int all = 0;
    for (int[] shift : SHIFTS) {
      HostTensor probabilities = predictor.predict(shifted(shift[0], shift[1])).get(0);
      for (int i = 0; i < probabilities.shape().size(0); i++) {
        right += probabilities.row(i).argMax() == LABELS[LEARNED + i] ? 1 : 0;
        all++;
      }
    }
    assertEquals(SHIFTS.length * 1000, all);
    return (double) right / all;
  }

  @Test
  void accuracyIsThatOfFloat32() {
    Model model = model();
    Weights weights = learned(model);
    PredictorOptions options = PredictorOptions.defaults().device(Device.CPU);
    try (Predictor whole = Predictor.of(model, weights, options);
        Predictor half =
            Predictor.of(model, weights, options.precision(Precision.MIXED_BFLOAT16))) {
      double expected = accuracy(whole);
      assertTrue(expected > 0.8, () -> "learned to " + expected);
      assertEquals(expected, accuracy(half), MOST);
    }
  }
}
