package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.*;

import com.google.common.base.Ascii;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.OptimizerWeights.LossScaling;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Schedule;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whole models that are trained on where their files were written: {@code WholeModels write FOLDER}
 * and {@code WholeModels read FOLDER}. Beside each {@code NAME.keras} the losses of the next steps
 * are lines of {@code NAME.txt}; what Keras writes is there as {@code NAME.h5} too.
 * conformance/whole_models.py is the other side.
 */
public final class WholeModels {
  private static final int STEPS = 3;
  private static final int SAMPLES = 8;

  static final Map<String, Optimizer> OPTIMIZERS =
      Map.of(
          "sgd", Optimizer.sgd(0.1),
          "adam", Optimizer.adam(0.05).amsgrad(true),
          "scheduled", Optimizer.adamW(Schedule.cosineDecay(0.05, 20)).ema(0.9),
          "rmsprop", Optimizer.rmsprop(0.02).momentum(0.9).gradientAccumulationSteps(2),
          "mixed_bfloat16", Optimizer.adam(0.05),
          "mixed_float16", Optimizer.adam(0.05));

  /** Another state than a scaling of the loss begins with. */
  static final LossScaling SCALING = new LossScaling(5, 4096);

  private WholeModels() {}

  static Model model() {
    Node input = input(3);
    Node x = input.to(dense(4).activation(ActivationFunction.RELU).name("a"));
    return Model.of(
        input,
        x.to(batchNormalization().name("bn"))
            .to(dense(3).activation(ActivationFunction.SOFTMAX).name("b")));
  }

  /** In which numbers the model of that name is trained. */
  static Precision precision(String name) {
    return name.startsWith("mixed_")
        ? Precision.valueOf(Ascii.toUpperCase(name))
        : Precision.FLOAT32;
  }

  /** How much losses may differ. */
  static double tolerance(String name) {
    return switch (precision(name)) {
      case FLOAT32 -> 1e-5;
      // of 8 and 11 bits: what is summed in another order is rounded to a neighbour
      case MIXED_BFLOAT16 -> 4e-3;
      case MIXED_FLOAT16 -> 5e-4;
    };
  }

  /** A trainer of one of them, untrained. */
  static Trainer trainer(String name) {
    Optimizer optimizer = Objects.requireNonNull(OPTIMIZERS.get(name));
    return Trainer.of(model(), compile(optimizer).precision(precision(name)));
  }

  /** Gives what scales the loss, if something does, another state than it begins with. */
  static void rescale(Trainer trainer) {
    OptimizerWeights weights = trainer.optimizerWeights();
    if (weights.lossScaling().isPresent()) {
      trainer.assign(weights.lossScaling(SCALING));
    }
  }

  static Compile compile(Optimizer optimizer) {
    return Compile.of(optimizer, Loss.sparseCategoricalCrossentropy(), Metric.accuracy()).seed(1);
  }

  /** The losses of the next steps. */
  static double[] train(Trainer trainer) {
    int[] batched = trainer.model().input().shape().toArray();
    int[] shape = Arrays.copyOfRange(batched, 1, batched.length);
    float[] x = new float[Math.toIntExact(SAMPLES * Shape.of(shape).elements())];
    int[] y = new int[SAMPLES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (7L * i * i % 11 - 5) / 4f;
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = i * i % 3;
    }
    double[] losses = new double[STEPS];
    try (Batches batches =
        Dataset.of(Samples.of(x, shape), Samples.labels(y)).open(SAMPLES, false, 1)) {
      for (int i = 0; i < losses.length; i++) {
        batches.begin(i);
        try (Batch batch = batches.next().orElseThrow()) {
          losses[i] = trainer.step(batch);
        }
      }
    }
    return losses;
  }

  /** Writes models or reads them. */
  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("write")) {
      Files.createDirectories(folder);
      for (String name : OPTIMIZERS.keySet()) {
        write(folder, name);
      }
      return;
    }
    int read = 0;
    for (String name : OPTIMIZERS.keySet()) {
      for (String ending : List.of(".keras", ".h5")) {
        read(folder, name, ending);
        read++;
      }
    }
    System.out.println(read + " trainings of Keras went on in Java");
  }

  private static void write(Path folder, String name) throws IOException {
    try (Trainer trainer = trainer(name)) {
      double[] unused = train(trainer);
      rescale(trainer);
      KerasModels.save(folder.resolve(name + ".keras"), trainer);
      List<String> losses = new ArrayList<>();
      for (double loss : train(trainer)) {
        losses.add(Double.toString(loss));
      }
      Files.write(folder.resolve(name + ".txt"), losses);
    }
  }

  private static void read(Path folder, String name, String ending) throws IOException {
    KerasModel whole = KerasModels.load(folder.resolve(name + ending));
    if (whole.precision() != precision(name)) {
      throw new IllegalStateException(name + ending + ": received " + whole.precision());
    }
    try (Trainer trainer = whole.trainer()) {
      Optional<LossScaling> scaling = trainer.optimizerWeights().lossScaling();
      if (scaling.isPresent() && !scaling.get().equals(SCALING)) {
        throw new IllegalStateException(name + ending + ": received " + scaling.get());
      }
      List<String> expected = Files.readAllLines(folder.resolve(name + ".txt"));
      double[] losses = train(trainer);
      for (int i = 0; i < STEPS; i++) {
        if (!(Math.abs(losses[i] - Double.parseDouble(expected.get(i))) <= tolerance(name))) {
          throw new IllegalStateException(
              "%s: expected loss %s in step %d, received %s"
                  .formatted(name + ending, expected.get(i), i, losses[i]));
        }
      }
    }
  }
}
