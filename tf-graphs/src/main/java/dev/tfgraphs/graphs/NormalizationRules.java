package dev.tfgraphs.graphs;

import com.google.common.primitives.Floats;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Rescaling;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Layers that shift and scale. */
final class NormalizationRules {
  private NormalizationRules() {}

  static Output<?> batchNormalization(BatchNormalization layer, LayerContext c, Output<?> x) {
    int rank = x.shape().numDimensions();
    int axis = Math.floorMod(layer.axis(), rank);
    return rank == 4 && axis == 3
        ? fused(layer, c, x)
        : c.e().cast(composed(layer, c, c.e().cast(x, DataType.DT_FLOAT), axis), x.dataType());
  }

  private static Output<?> fused(BatchNormalization layer, LayerContext c, Output<?> x) {
    Output<?> beta = layer.center() ? c.value("beta") : filled(c.e(), x, 0);
    if (!c.trains()) {
      Output<?> mean = c.value("moving_mean");
      return fused(layer, c, x, beta, mean, c.value("moving_variance")).output(0);
    }
    Emitter e = c.e();
    Output<?> none = e.vector(new float[0]);
    Optional<Pass.Biased> sum = c.biasedOf(x);
    if (sum.isEmpty()) {
      GraphOperation op = fused(layer, c, x, beta, none, none);
      move(layer, c, op.output(1), biased(e, x, op.output(2)));
      return op.output(0);
    }
    // the batch's mean takes a bias out again, so that only the moving mean sees it; by way of
    // beta its gradient exists, and is the nought that it truly is
    Output<?> bare = sum.get().value();
    Output<?> bias = e.cast(sum.get().bias(), DataType.DT_FLOAT);
    Output<?> shift = e.add(beta, e.mul(bias, e.scalar(0f)));
    GraphOperation op = fused(layer, c, bare, shift, none, none);
    move(layer, c, e.add(op.output(1), bias), biased(e, bare, op.output(2)));
    return op.output(0);
  }

  private static GraphOperation fused(
      BatchNormalization layer,
      LayerContext c,
      Output<?> x,
      Output<?> beta,
      Output<?> mean,
      Output<?> variance) {
    boolean batch = c.trains();
    return c.e()
        .op("FusedBatchNormV3")
        .in(x, layer.scale() ? c.value("gamma") : filled(c.e(), x, 1), beta, mean, variance)
        .attr("epsilon", (float) layer.epsilon())
        .attr("is_training", batch)
        .build();
  }

  /** The fused op divides the batch's variance by n - 1; Keras 3 keeps the one divided by n. */
  private static Output<?> biased(Emitter e, Output<?> x, Output<?> unbiased) {
    Output<?> size = e.cast(e.op("Size").in(x).out(), DataType.DT_FLOAT);
    Output<?> n = e.div(size, e.scalar((float) x.shape().get(3)));
    return e.mul(unbiased, e.div(e.sub(n, e.scalar(1f)), n));
  }

  private static Output<?> composed(
      BatchNormalization layer, LayerContext c, Output<?> x, int axis) {
    Emitter e = c.e();
    int[] others =
        IntStream.range(0, x.shape().numDimensions()).filter(other -> other != axis).toArray();
    int[] channels = IntStream.range(0, x.shape().numDimensions()).map(i -> 1).toArray();
    channels[axis] = -1;
    Output<?> shape = e.vector(channels);
    boolean batch = c.trains();
    Output<?> mean =
        batch ? e.reduce("Mean", x, true, others) : e.reshape(c.value("moving_mean"), shape);
    Output<?> variance =
        batch
            ? e.reduce("Mean", e.op("SquaredDifference").in(x, mean).out(), true, others)
            : e.reshape(c.value("moving_variance"), shape);
    if (batch) {
      move(layer, c, e.reshape(mean, e.vector(-1)), e.reshape(variance, e.vector(-1)));
    }
    Output<?> factor = e.op("Rsqrt").in(e.add(variance, e.scalar((float) layer.epsilon()))).out();
    if (layer.scale()) {
      factor = e.mul(factor, e.reshape(c.value("gamma"), shape));
    }
    Output<?> shift = e.op("Neg").in(e.mul(mean, factor)).out();
    if (layer.center()) {
      shift = e.add(e.reshape(c.value("beta"), shape), shift);
    }
    return e.add(e.mul(x, factor), shift);
  }

  private static void move(
      BatchNormalization layer, LayerContext c, Output<?> mean, Output<?> variance) {
    move(layer, c, "moving_mean", mean);
    move(layer, c, "moving_variance", variance);
  }

  private static void move(BatchNormalization layer, LayerContext c, String name, Output<?> batch) {
    Emitter e = c.e();
    double momentum = layer.momentum();
    Output<?> kept = e.mul(c.tracked(name).asOutput(), e.scalar((float) momentum));
    c.move(name, e.add(kept, e.mul(batch, e.scalar((float) (1 - momentum)))));
  }

  private static Output<?> filled(Emitter e, Output<?> x, float value) {
    float[] values = new float[Math.toIntExact(x.shape().get(3))];
    Arrays.fill(values, value);
    return e.vector(values);
  }

  static Output<?> rescaling(Rescaling layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Output<?> scaled = e.mul(x, e.scalar((float) layer.scale()));
    return layer.offset() == 0 ? scaled : e.add(scaled, e.scalar((float) layer.offset()));
  }

  static Output<?> normalization(Normalization layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Shape shape = layer.broadcast(Shapes.fromTensorFlow(x.shape()));
    Output<?> mean = numbers(layer, c, "mean", layer.mean(), shape);
    Output<?> variance = numbers(layer, c, "variance", layer.variance(), shape);
    Output<?> deviation =
        e.op("Maximum").in(e.op("Sqrt").in(variance).out(), e.scalar(1e-7f)).out();
    return layer.invert() ? e.add(mean, e.mul(x, deviation)) : e.div(e.sub(x, mean), deviation);
  }

  /** Numbers as they are broadcast to the input, from a weight or as given. */
  private static Output<?> numbers(
      Normalization layer, LayerContext c, String weight, List<Double> given, Shape shape) {
    Emitter e = c.e();
    if (layer.learned()) {
      return e.reshape(c.value(weight), e.vector(shape.toArray()));
    }
    return given.size() == 1
        ? e.scalar(given.get(0).floatValue())
        : e.reshape(e.vector(Floats.toArray(given)), e.vector(shape.toArray()));
  }
}
