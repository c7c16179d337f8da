package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Constant;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.RandomNormal;
import dev.tfgraphs.ops.Initializer.RandomUniform;
import dev.tfgraphs.ops.Initializer.TruncatedNormal;
import dev.tfgraphs.ops.Initializer.VarianceScaling;
import dev.tfgraphs.ops.Shape;
import java.util.OptionalLong;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * The first values of weights, computed by the ops and in the order of roundings of Keras 3 on
 * TensorFlow, so that equal seeds give equal bits (keras/src/initializers/random_initializers.py).
 */
final class InitialValues {
  /** The deviation of a standard normal distribution cut at two deviations. */
  private static final double TRUNCATED_DEVIATION = 0.8796256610342398;

  private final Emitter e;

  /** Values as ops of {@code e}, an initializing emitter. */
  InitialValues(Emitter e) {
    this.e = e;
  }

  /** The first value of a weight; {@code drawn} serves initializers without a seed of their own. */
  Output<?> of(Initializer initializer, Shape shape, long drawn) {
    if (initializer instanceof Constant constant) {
      return filled(e, shape, (float) constant.value());
    }
    if (initializer instanceof RandomUniform uniform) {
      return uniform(shape, uniform.min(), uniform.max(), seed(uniform.seed(), drawn));
    }
    if (initializer instanceof RandomNormal normal) {
      return normal(
          "StatelessRandomNormal",
          shape,
          normal.mean(),
          normal.stddev(),
          seed(normal.seed(), drawn));
    }
    if (initializer instanceof TruncatedNormal normal) {
      return normal(
          "StatelessTruncatedNormal",
          shape,
          normal.mean(),
          normal.stddev(),
          seed(normal.seed(), drawn));
    }
    return scaled((VarianceScaling) initializer, shape, drawn);
  }

  /** Every element {@code value}; {@code e} is an initializing emitter. */
  static Output<?> filled(Emitter e, Shape shape, float value) {
    return e.op("Fill").in(e.vector(shape.toArray()), e.unfolded(e.scalar(value))).out();
  }

  private Output<?> scaled(VarianceScaling scaling, Shape shape, long drawn) {
    double scale = scaling.scale() / Math.max(1, fan(scaling.fan(), shape));
    long seed = seed(scaling.seed(), drawn);
    if (scaling.distribution() == Distribution.UNIFORM) {
      double limit = Math.sqrt(3 * scale);
      return uniform(shape, -limit, limit, seed);
    }
    return scaling.distribution() == Distribution.TRUNCATED_NORMAL
        ? normal("StatelessTruncatedNormal", shape, 0, Math.sqrt(scale) / TRUNCATED_DEVIATION, seed)
        : normal("StatelessRandomNormal", shape, 0, Math.sqrt(scale), seed);
  }

  private static double fan(Initializer.Fan fan, Shape shape) {
    double field = 1;
    for (int axis = 0; axis < shape.rank() - 2; axis++) {
      field *= shape.size(axis);
    }
    boolean vector = shape.rank() < 2;
    double in = vector ? shape.elements() : field * shape.size(-2);
    double out = vector ? shape.elements() : field * shape.size(-1);
    return switch (fan) {
      case IN -> in;
      case OUT -> out;
      case AVERAGE -> (in + out) / 2;
    };
  }

  private Output<?> uniform(Shape shape, double min, double max, long seed) {
    Output<?> low = e.scalar((float) min);
    Output<?> width = e.scalar((float) max - (float) min);
    return e.add(e.mul(draw("StatelessRandomUniform", shape, seed), width), low);
  }

  private Output<?> normal(String type, Shape shape, double mean, double stddev, long seed) {
    return e.add(e.mul(draw(type, shape, seed), e.scalar((float) stddev)), e.scalar((float) mean));
  }

  private Output<?> draw(String type, Shape shape, long seed) {
    return e.op(type)
        .in(e.vector(shape.toArray()), e.unfolded(e.vector(seed, 0L)))
        .attr("dtype", DataType.DT_FLOAT)
        .out();
  }

  private static long seed(OptionalLong own, long drawn) {
    return own.orElse(drawn);
  }
}
