package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.GaussianNoise;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.SpatialDropout2D;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Layers that do something random in training and nothing otherwise; draws are Keras's, seed for
 * seed.
 */
final class RandomRules {
  private RandomRules() {}

  static Output<?> dropout(Dropout layer, LayerContext c, Output<?> x) {
    List<Output<?>> sizes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().numDimensions(); axis++) {
      int noise =
          layer.noiseShape().isPresent() ? layer.noiseShape().get().size(axis) : Shape.UNKNOWN;
      sizes.add(noise == Shape.UNKNOWN ? Windows.size(c.e(), x, axis) : c.e().scalar(noise));
    }
    return dropped(c, x, layer.rate(), layer.seed(), sizes);
  }

  static Output<?> spatialDropout2D(SpatialDropout2D layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    List<Output<?>> sizes =
        List.of(Windows.size(e, x, 0), e.scalar(1), e.scalar(1), Windows.size(e, x, 3));
    return dropped(c, x, layer.rate(), layer.seed(), sizes);
  }

  private static Output<?> dropped(
      LayerContext c, Output<?> x, double rate, OptionalLong seed, List<Output<?>> sizes) {
    Emitter e = c.e();
    if (!c.training() || rate == 0) {
      return x;
    }
    if (rate == 1) {
      return e.op("ZerosLike").in(x).out();
    }
    Output<?> noise = draw("StatelessRandomUniform", c, seed, e.op("Pack").list(sizes).out());
    Output<?> limit = e.in(DataType.DT_FLOAT).scalar((float) rate);
    Output<?> kept = e.op("GreaterEqual").in(noise, limit).out();
    Output<?> scaled = e.mul(x, e.scalar((float) (1 / (1 - rate))));
    return e.mul(scaled, e.cast(kept, x.dataType()));
  }

  static Output<?> gaussianNoise(GaussianNoise layer, LayerContext c, Output<?> x) {
    if (!c.training() || layer.stddev() == 0) {
      return x;
    }
    Emitter e = c.e();
    Output<?> noise = e.cast(normal(c, layer.seed(), e.shape(x)), x.dataType());
    return e.add(x, e.mul(noise, e.scalar((float) layer.stddev())));
  }

  /** Numbers from {@code lower} up to but without {@code upper}, rounded as Keras rounds them. */
  static Output<?> uniform(
      LayerContext c, OptionalLong seed, Output<?> shape, double lower, double upper) {
    Emitter e = c.e();
    Output<?> noise = draw("StatelessRandomUniform", c, seed, shape);
    Output<?> spread = e.mul(noise, e.scalar((float) upper - (float) lower));
    return e.add(spread, e.scalar((float) lower));
  }

  /** Numbers of mean 0 and standard deviation 1. */
  static Output<?> normal(LayerContext c, OptionalLong seed, Output<?> shape) {
    return draw("StatelessRandomNormal", c, seed, shape);
  }

  private static Output<?> draw(String type, LayerContext c, OptionalLong seed, Output<?> shape) {
    Output<?> noise =
        c.e().op(type).in(shape, c.drawSeed(seed)).attr("dtype", DataType.DT_FLOAT).out();
    // its sizes come from the input, and TensorFlow looks for a gradient along them
    return c.e().op("StopGradient").in(noise).out();
  }
}
