package dev.tfgraphs.graphs.data;

import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat64;

/**
 * Mean and variance of samples, gathered batch by batch in float64 (Chan, Golub and LeVeque, 1979).
 */
final class Moments {
  private static final int BATCH_SIZE = 128;

  private final double[] mean;
  private final double[] variance;
  private long count;

  private Moments(int size) {
    this.mean = new double[size];
    this.variance = new double[size];
  }

  static Normalization adapt(Normalization layer, Dataset dataset) {
    TensorSpec spec = dataset.inputs().get(0);
    Shape batch = spec.shape().batched();
    layer.infer(List.of(batch));
    Shape kept = layer.broadcast(batch);
    int[] reduced = IntStream.range(0, batch.rank()).filter(axis -> kept.size(axis) == 1).toArray();
    Moments moments = new Moments(Math.toIntExact(kept.elements()));
    try (CpuGraph graph = new CpuGraph();
        Batches batches = dataset.open(dataset.batchSize().orElse(BATCH_SIZE), false, 0)) {
      Ops tf = graph.tf();
      Operand<?> given = graph.placeholder(spec.dtype(), spec.batch(Shape.UNKNOWN));
      Operand<TFloat64> x = tf.dtypes.cast(given, TFloat64.class);
      Operand<TFloat64> mean = mean(tf, x, reduced);
      Operand<TFloat64> variance = mean(tf, tf.math.squaredDifference(x, mean), reduced);
      batches.begin(0);
      for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
        try (Batch some = next.get();
            Result result =
                graph
                    .session()
                    .runner()
                    .feed(given, some.inputs().get(0))
                    .fetch(mean)
                    .fetch(variance)
                    .run()) {
          moments.add(some.inputs().get(0), result);
        }
      }
    }
    return layer.adapted(moments.mean, moments.variance);
  }

  private static Operand<TFloat64> mean(Ops tf, Operand<TFloat64> x, int[] axes) {
    return tf.math.mean(x, tf.constant(axes), Mean.keepDims(true));
  }

  private void add(Tensor samples, Result moments) {
    long added = samples.shape().size() / mean.length;
    count += added;
    double weight = (double) added / count;
    for (int i = 0; i < mean.length; i++) {
      double otherMean = number(moments.get(0), i);
      double otherVariance = number(moments.get(1), i);
      double moved = mean[i] * (1 - weight) + otherMean * weight;
      variance[i] =
          (variance[i] + square(mean[i] - moved)) * (1 - weight)
              + (otherVariance + square(otherMean - moved)) * weight;
      mean[i] = moved;
    }
  }

  private static double number(Tensor tensor, int index) {
    return tensor.asRawTensor().data().asDoubles().getDouble(index);
  }

  private static double square(double number) {
    return number * number;
  }
}
