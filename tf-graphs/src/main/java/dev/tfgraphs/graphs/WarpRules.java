package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.RandomRotation;
import dev.tfgraphs.ops.RandomTranslation;
import dev.tfgraphs.ops.RandomWarp;
import dev.tfgraphs.ops.RandomZoom;
import dev.tfgraphs.ops.Range;
import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Layers that move pixels. Each image has a matrix {@code a0 a1 a2 b0 b1 b2 0 0} by which a pixel
 * {@code (x, y)} of the result is that at {@code (a0 x + a1 y + a2, b0 x + b1 y + b2)} of the
 * image; the order of roundings is Keras's.
 */
final class WarpRules {
  private WarpRules() {}

  static Output<?> randomRotation(RandomRotation layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> degrees =
        column(c, layer, x, layer.factor().lower() * 360, layer.factor().upper() * 360);
    Output<?> angle = e.mul(degrees, e.scalar((float) (Math.PI / 180)));
    Output<?> cos = e.op("Cos").in(angle).out();
    Output<?> sin = e.op("Sin").in(angle).out();
    Output<?> minusSin = e.op("Neg").in(sin).out();
    Output<?> centerX = e.mul(e.scalar(0.5f), last(e, x, 2));
    Output<?> centerY = e.mul(e.scalar(0.5f), last(e, x, 1));
    Output<?> offsetX = e.sub(e.sub(centerX, e.mul(centerX, cos)), e.mul(centerY, minusSin));
    Output<?> offsetY = e.sub(e.sub(centerY, e.mul(centerX, sin)), e.mul(centerY, cos));
    return warped(layer, c, x, List.of(cos, minusSin, offsetX, sin, cos, offsetY));
  }

  static Output<?> randomZoom(RandomZoom layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> height = zoom(c, layer, x, layer.heightFactor());
    Output<?> width =
        layer.widthFactor().isEmpty() ? height : zoom(c, layer, x, layer.widthFactor().get());
    Output<?> none = e.op("ZerosLike").in(height).out();
    Output<?> offsetX = centered(e, last(e, x, 2), width);
    Output<?> offsetY = centered(e, last(e, x, 1), height);
    return warped(layer, c, x, List.of(width, none, offsetX, none, height, offsetY));
  }

  private static Output<?> zoom(LayerContext c, RandomZoom layer, Output<?> x, Range factor) {
    return column(c, layer, x, 1 + factor.lower(), 1 + factor.upper());
  }

  private static Output<?> centered(Emitter e, Output<?> last, Output<?> zoom) {
    return e.mul(e.div(last, e.scalar(2f)), e.sub(e.scalar(1f), zoom));
  }

  static Output<?> randomTranslation(RandomTranslation layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Output<?> down = moved(c, layer, x, layer.heightFactor(), 1);
    Output<?> right = moved(c, layer, x, layer.widthFactor(), 2);
    Output<?> none = e.op("ZerosLike").in(down).out();
    Output<?> one = e.add(none, e.scalar(1f));
    Output<?> offsetX = e.op("Neg").in(right).out();
    Output<?> offsetY = e.op("Neg").in(down).out();
    return warped(layer, c, x, List.of(one, none, offsetX, none, one, offsetY));
  }

  private static Output<?> moved(
      LayerContext c, RandomTranslation layer, Output<?> x, Range factor, int axis) {
    Output<?> size = c.e().cast(Windows.size(c.e(), x, axis), DataType.DT_FLOAT);
    return c.e().mul(column(c, layer, x, factor.lower(), factor.upper()), size);
  }

  /** The number of the last row or column of pixels, float32. */
  private static Output<?> last(Emitter e, Output<?> x, int axis) {
    return e.sub(e.cast(Windows.size(e, x, axis), DataType.DT_FLOAT), e.scalar(1f));
  }

  /** A number for each image, {@code (batch, 1)}. */
  private static Output<?> column(
      LayerContext c, RandomWarp<?> layer, Output<?> x, double lower, double upper) {
    Emitter e = c.e();
    Output<?> shape = e.op("Pack").list(List.of(Windows.size(e, x, 0), e.scalar(1))).out();
    return RandomRules.uniform(c, layer.seed(), shape, lower, upper);
  }

  private static Output<?> warped(
      RandomWarp<?> layer, LayerContext c, Output<?> x, List<Output<?>> matrix) {
    c.requireNothingLearned(x, "ImageProjectiveTransformV3");
    Emitter e = c.e();
    Output<?> affine = e.op("ConcatV2").list(matrix).in(e.scalar(1)).out();
    Output<?> nothing = e.op("ZerosLike").in(matrix.get(0)).out();
    Output<?> transforms =
        e.op("ConcatV2").list(List.of(affine, nothing, nothing)).in(e.scalar(1)).out();
    Output<?> size = e.op("Pack").list(List.of(Windows.size(e, x, 1), Windows.size(e, x, 2))).out();
    return e.op("ImageProjectiveTransformV3")
        .in(x, transforms, size, e.scalar((float) layer.fillValue()))
        .attr("interpolation", layer.interpolation().name())
        .attr("fill_mode", layer.fillMode().name())
        .out();
  }
}
