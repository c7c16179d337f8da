package dev.tfgraphs.graphs;

import com.google.common.primitives.Floats;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Constant;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.Draw;
import dev.tfgraphs.ops.Initializer.Identity;
import dev.tfgraphs.ops.Initializer.Orthogonal;
import dev.tfgraphs.ops.Initializer.Random;
import dev.tfgraphs.ops.Initializer.RandomNormal;
import dev.tfgraphs.ops.Initializer.RandomUniform;
import dev.tfgraphs.ops.Initializer.TruncatedNormal;
import dev.tfgraphs.ops.Initializer.Values;
import dev.tfgraphs.ops.Initializer.VarianceScaling;
import dev.tfgraphs.ops.Shape;
import org.tensorflow.GraphOperation;
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
    if (initializer instanceof Values given) {
      float[] values = Floats.toArray(given.values());
      if (values.length != shape.elements()) {
        throw new GraphException(
            "initializer: expected %d values for %s, received %d"
                .formatted(shape.elements(), shape, values.length));
      }
      return e.reshape(e.unfolded(e.vector(values)), e.vector(shape.toArray()));
    }
    if (initializer instanceof Identity identity) {
      return identity(shape, identity.gain());
    }
    Random random = (Random) initializer;
    return drawn(random.draw(), shape, random.seed().orElse(drawn));
  }

  private Output<?> drawn(Draw draw, Shape shape, long seed) {
    if (draw instanceof RandomUniform uniform) {
      return uniform(shape, uniform.min(), uniform.max(), seed);
    }
    if (draw instanceof RandomNormal normal) {
      return normal("StatelessRandomNormal", shape, normal.mean(), normal.stddev(), seed);
    }
    if (draw instanceof TruncatedNormal normal) {
      return normal("StatelessTruncatedNormal", shape, normal.mean(), normal.stddev(), seed);
    }
    return draw instanceof Orthogonal orthogonal
        ? orthogonal(shape, orthogonal.gain(), seed)
        : scaled((VarianceScaling) draw, shape, seed);
  }

  /** Every element {@code value}; {@code e} is an initializing emitter. */
  static Output<?> filled(Emitter e, Shape shape, float value) {
    return e.op("Fill").in(e.vector(shape.toArray()), e.unfolded(e.scalar(value))).out();
  }

  private Output<?> identity(Shape shape, double gain) {
    Output<?> ones = filled(e, Shape.of(Math.min(shape.size(0), shape.size(1))), 1);
    Output<?> eye =
        e.op("MatrixDiagV2")
            .in(ones, e.scalar(0), e.scalar(shape.size(0)), e.scalar(shape.size(1)), e.scalar(0f))
            .out();
    return e.mul(e.scalar((float) gain), eye);
  }

  /** Q of a random matrix that is not wider than high; the signs of R's diagonal make it unique. */
  private Output<?> orthogonal(Shape shape, double gain, long seed) {
    int columns = shape.size(-1);
    int rows = Math.toIntExact(shape.elements() / columns);
    Shape high = Shape.of(Math.max(rows, columns), Math.min(rows, columns));
    GraphOperation qr = e.op("Qr").in(normal("StatelessRandomNormal", high, 0, 1, seed)).build();
    Output<?> diagonal = e.op("MatrixDiagPartV2").in(qr.output(1), e.scalar(0), e.scalar(0f)).out();
    Output<?> q = e.mul(qr.output(0), e.op("Sign").in(diagonal).out());
    Output<?> turned = rows < columns ? e.op("Transpose").in(q, e.vector(1, 0)).out() : q;
    return e.mul(e.scalar((float) gain), e.reshape(turned, e.vector(shape.toArray())));
  }

  private Output<?> scaled(VarianceScaling scaling, Shape shape, long seed) {
    double scale = scaling.scale() / Math.max(1, fan(scaling.fan(), shape));
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
}
