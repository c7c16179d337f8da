package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.RandomBrightness;
import dev.tfgraphs.ops.RandomContrast;
import dev.tfgraphs.ops.RandomErasing;
import dev.tfgraphs.ops.RandomFlip;
import dev.tfgraphs.ops.RandomImageLayer;
import dev.tfgraphs.ops.Range;
import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Layers that change pixels where they are, or flip images. */
final class AugmentationRules {
  private AugmentationRules() {}

  static Output<?> randomFlip(RandomFlip layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> flips = e.op("LessEqual").in(each(c, layer, x, 0, 1), e.scalar(0.5f)).out();
    Output<?> flipped = x;
    if (layer.mode() != RandomFlip.Mode.VERTICAL) {
      flipped = e.op("ReverseV2").in(flipped, e.vector(2)).out();
    }
    if (layer.mode() != RandomFlip.Mode.HORIZONTAL) {
      flipped = e.op("ReverseV2").in(flipped, e.vector(1)).out();
    }
    return e.op("SelectV2").in(flips, flipped, x).out();
  }

  static Output<?> randomContrast(RandomContrast layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> factor = each(c, layer, x, 1 - layer.factor().lower(), 1 + layer.factor().upper());
    Output<?> mean = e.reduce("Mean", e.reduce("Mean", x, true, 1), true, 2);
    Output<?> changed = e.add(e.mul(e.sub(x, mean), factor), mean);
    return clipped(e, changed, layer.valueRange());
  }

  static Output<?> randomBrightness(RandomBrightness layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Range values = layer.valueRange();
    Output<?> delta =
        e.mul(
            each(c, layer, x, layer.factor().lower(), layer.factor().upper()),
            e.scalar((float) (values.upper() - values.lower())));
    return clipped(e, e.add(x, delta), values);
  }

  static Output<?> randomErasing(RandomErasing layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> pair = e.op("Pack").list(List.of(Windows.size(e, x, 0), e.scalar(2))).out();
    Output<?> areas =
        RandomRules.uniform(c, layer.seed(), pair, layer.scale().lower(), layer.scale().upper());
    Output<?> ratios = e.op("Sqrt").in(areas).out();
    Output<?> columns = between(c, layer, x, 2, ratios, 0);
    Output<?> rows = between(c, layer, x, 1, ratios, 1);
    Output<?> likelihood = each(c, layer, x, layer.factor().lower(), layer.factor().upper());
    Output<?> touched = e.op("Less").in(each(c, layer, x, 0, 1), likelihood).out();
    Output<?> box = e.op("LogicalAnd").in(columns, rows).out();
    Output<?> erased = e.op("LogicalAnd").in(touched, box).out();
    return e.op("SelectV2").in(erased, fill(layer, c, x), x).out();
  }

  /** Which rows or columns of each image lie in its rectangle, broadcast to {@code x}. */
  private static Output<?> between(
      LayerContext c, RandomErasing layer, Output<?> x, int axis, Output<?> ratios, int which) {
    Emitter e = c.e();
    Output<?> size = Windows.size(e, x, axis);
    Output<?> length = e.cast(size, DataType.DT_FLOAT);
    Output<?> ratio = e.op("Slice").in(ratios, e.vector(0, which), e.vector(-1, 1)).out();
    Output<?> extent = e.mul(e.reshape(ratio, e.vector(-1, 1, 1, 1)), length);
    Output<?> start = e.mul(each(c, layer, x, 0, 1), e.sub(length, extent));
    Output<?> end = e.add(start, extent);
    Output<?> numbers = e.op("Range").in(e.scalar(0), size, e.scalar(1)).out();
    int[] shape = {1, 1, 1, 1};
    shape[axis] = -1;
    Output<?> places = e.reshape(e.cast(numbers, DataType.DT_FLOAT), e.vector(shape));
    return e.op("LogicalAnd")
        .in(e.op("GreaterEqual").in(places, start).out(), e.op("Less").in(places, end).out())
        .out();
  }

  private static Output<?> fill(RandomErasing layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    if (layer.fillValue().isEmpty()) {
      Output<?> noise = RandomRules.normal(c, layer.seed(), e.shape(x));
      Output<?> spread = e.mul(noise, e.scalar((float) layer.valueRange().upper()));
      return clipped(e, spread, layer.valueRange());
    }
    float[] color = new float[layer.fillValue().size()];
    for (int i = 0; i < color.length; i++) {
      color[i] = layer.fillValue().get(i).floatValue();
    }
    return clipped(e, e.vector(color), layer.valueRange());
  }

  /** A number for each image, {@code (batch, 1, 1, 1)}. */
  private static Output<?> each(
      LayerContext c, RandomImageLayer<?> layer, Output<?> x, double lower, double upper) {
    Emitter e = c.e();
    Output<?> one = e.scalar(1);
    Output<?> shape = e.op("Pack").list(List.of(Windows.size(e, x, 0), one, one, one)).out();
    return RandomRules.uniform(c, layer.seed(), shape, lower, upper);
  }

  private static Output<?> clipped(Emitter e, Output<?> x, Range range) {
    return e.op("ClipByValue")
        .in(x, e.scalar((float) range.lower()), e.scalar((float) range.upper()))
        .out();
  }
}
