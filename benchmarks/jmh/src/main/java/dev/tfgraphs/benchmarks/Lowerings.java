package dev.tfgraphs.benchmarks;

import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A ResNet152 of 224 x 224: what it takes before its first step. */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Lowerings {
  private final Model model = KerasResNet.RESNET152.model();
  private final Weights weights = Weights.initial(model, 1);

  /** The model alone, without native code. */
  @Benchmark
  public Model description() {
    return KerasResNet.RESNET152.model();
  }

  /** The layers in a graph of its own, in training mode. */
  @Benchmark
  public int loweringForTraining() {
    return lowered(Mode.TRAINING);
  }

  /** The layers in a graph of its own, in inference mode. */
  @Benchmark
  public int loweringForInference() {
    return lowered(Mode.INFERENCE);
  }

  private int lowered(Mode mode) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Lowered lowered =
          Lowering.of(tf, model, 1)
              .emit(
                  mode,
                  tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 224, 224, 3))));
      return lowered.variables().size();
    }
  }

  /** Both lowerings, gradients, Adam, a session, and weights that have their first values. */
  @Benchmark
  public Model trainer() {
    Compile compile = Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      return trainer.model();
    }
  }

  /** A frozen and folded graph, and a session. */
  @Benchmark
  public Model predictor() {
    try (Predictor predictor = Predictor.of(model, weights)) {
      return predictor.model();
    }
  }
}
