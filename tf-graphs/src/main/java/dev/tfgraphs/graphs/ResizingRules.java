package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.CenterCrop;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.RandomCrop;
import dev.tfgraphs.ops.Resizing;
import dev.tfgraphs.ops.Size;
import java.util.List;
import java.util.OptionalLong;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Layers that give images another height and width. */
final class ResizingRules {
  /** A height and a width at run time, int32. */
  private record Sides(Output<?> height, Output<?> width) {
    static Sides of(Emitter e, Output<?> x) {
      return new Sides(Windows.size(e, x, 1), Windows.size(e, x, 2));
    }

    static Sides of(Emitter e, Size size) {
      return new Sides(e.scalar(size.height()), e.scalar(size.width()));
    }
  }

  private ResizingRules() {}

  static Output<?> resizing(Resizing layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Output<?> image = x;
    if (layer.cropToAspectRatio()) {
      image = largest(e, x, layer.size());
    } else if (layer.padToAspectRatio()) {
      image = padded(e, x, layer.size(), layer.fillValue());
    }
    if (layer.interpolation() == Interpolation.AREA) {
      c.requireNothingLearned(x, "ResizeArea");
    }
    Output<?> result = resized(e, image, layer.size(), layer.interpolation(), layer.antialias());
    return shaped(e, result, x, layer.size());
  }

  static Output<?> centerCrop(CenterCrop layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Size size = layer.size();
    if (smaller(x, 1, size.height()) || smaller(x, 2, size.width())) {
      return shaped(e, bilinear(e, largest(e, x, size), size), x, size);
    }
    Sides sides = Sides.of(e, x);
    Output<?> top = half(e, e.sub(sides.height, e.scalar(size.height())));
    Output<?> left = half(e, e.sub(sides.width, e.scalar(size.width())));
    return cut(e, x, top, left, Sides.of(e, size));
  }

  private static boolean smaller(Output<?> x, int axis, int wanted) {
    long known = x.shape().get(axis);
    return known >= 0 && known < wanted;
  }

  static Output<?> randomCrop(RandomCrop layer, LayerContext c, Output<?> x) {
    if (!c.training()) {
      return x;
    }
    Emitter e = c.e();
    Size size = layer.size();
    int height = Math.toIntExact(x.shape().get(1));
    int width = Math.toIntExact(x.shape().get(2));
    if (height > size.height() && width > size.width()) {
      Output<?> top = place(c, layer.seed(), height - size.height());
      Output<?> left = place(c, layer.seed(), width - size.width());
      return cut(e, x, top, left, Sides.of(e, size));
    }
    // as Keras: the middle of the largest part, cut to the window where that is smaller
    int top = (height - side(width, size.height(), size.width(), height)) / 2;
    int left = (width - side(height, size.width(), size.height(), width)) / 2;
    Size kept =
        new Size(Math.min(size.height(), height - top), Math.min(size.width(), width - left));
    Output<?> image = cut(e, x, e.scalar(top), e.scalar(left), Sides.of(e, kept));
    return kept.equals(size) ? image : bilinear(e, image, size);
  }

  /** A whole number from 0 to {@code last}, drawn for the whole batch. */
  private static Output<?> place(LayerContext c, OptionalLong seed, int last) {
    Output<?> drawn = RandomRules.uniform(c, seed, c.e().vector(new int[0]), 0, last + 1.0);
    return c.e().cast(drawn, DataType.DT_INT32);
  }

  private static int side(int other, int wanted, int wantedOther, int most) {
    int side = (int) ((double) other * wanted / wantedOther);
    return Math.max(Math.min(most, side), 1);
  }

  /** The largest part in the middle that has the aspect ratio of {@code size}. */
  private static Output<?> largest(Emitter e, Output<?> x, Size size) {
    Sides sides = Sides.of(e, x);
    Output<?> height = atMost(e, sides.height, scaled(e, sides.width, size.height(), size.width()));
    Output<?> width = atMost(e, sides.width, scaled(e, sides.height, size.width(), size.height()));
    Output<?> top = half(e, e.sub(sides.height, height));
    Output<?> left = half(e, e.sub(sides.width, width));
    return cut(e, x, top, left, new Sides(height, width));
  }

  /** At least one pixel. */
  private static Output<?> atMost(Emitter e, Output<?> most, Output<?> side) {
    return e.op("Maximum").in(e.op("Minimum").in(most, side).out(), e.scalar(1)).out();
  }

  /** Margins on both sides until there is the aspect ratio of {@code size}, less an odd pixel. */
  private static Output<?> padded(Emitter e, Output<?> x, Size size, double fill) {
    Sides sides = Sides.of(e, x);
    Output<?> rows = margin(e, sides.height, scaled(e, sides.width, size.height(), size.width()));
    Output<?> columns =
        margin(e, sides.width, scaled(e, sides.height, size.width(), size.height()));
    Output<?> none = e.scalar(0);
    Output<?> amounts =
        e.op("Pack").list(List.of(none, none, rows, rows, columns, columns, none, none)).out();
    return e.op("PadV2").in(x, e.reshape(amounts, e.vector(4, 2)), e.scalar((float) fill)).out();
  }

  private static Output<?> margin(Emitter e, Output<?> side, Output<?> wanted) {
    return half(e, e.sub(e.op("Maximum").in(side, wanted).out(), side));
  }

  /** {@code side * numerator / denominator}, rounded as Keras does: by float32 and down. */
  private static Output<?> scaled(Emitter e, Output<?> side, int numerator, int denominator) {
    Output<?> product = e.cast(e.mul(side, e.scalar(numerator)), DataType.DT_FLOAT);
    return e.cast(e.div(product, e.scalar((float) denominator)), DataType.DT_INT32);
  }

  private static Output<?> half(Emitter e, Output<?> number) {
    return e.op("FloorDiv").in(number, e.scalar(2)).out();
  }

  private static Output<?> cut(Emitter e, Output<?> x, Output<?> top, Output<?> left, Sides sides) {
    Output<?> none = e.scalar(0);
    Output<?> all = e.scalar(-1);
    Output<?> channels = e.scalar(Math.toIntExact(x.shape().get(3)));
    return e.op("Slice")
        .in(
            x,
            e.op("Pack").list(List.of(none, top, left, none)).out(),
            e.op("Pack").list(List.of(all, sides.height, sides.width, channels)).out())
        .out();
  }

  /** TensorFlow forgets the channels of {@code x} where it cannot know how much was cut off. */
  private static Output<?> shaped(Emitter e, Output<?> result, Output<?> x, Size size) {
    long channels = x.shape().get(3);
    return result.shape().get(3) == channels
        ? result
        : e.reshape(result, e.vector(x.shape().get(0), size.height(), size.width(), channels));
  }

  private static Output<?> bilinear(Emitter e, Output<?> x, Size size) {
    return resized(e, x, size, Interpolation.BILINEAR, false);
  }

  private static Output<?> resized(
      Emitter e, Output<?> x, Size size, Interpolation interpolation, boolean antialias) {
    Output<?> sides = e.vector(size.height(), size.width());
    return switch (interpolation) {
      case NEAREST ->
          e.op("ResizeNearestNeighbor").in(x, sides).attr("half_pixel_centers", true).out();
      case BILINEAR ->
          antialias
              ? scaledBy("triangle", e, x, sides, true)
              : e.op("ResizeBilinear").in(x, sides).attr("half_pixel_centers", true).out();
      case BICUBIC ->
          antialias
              ? scaledBy("keyscubic", e, x, sides, true)
              : e.op("ResizeBicubic").in(x, sides).attr("half_pixel_centers", true).out();
      case AREA -> e.op("ResizeArea").in(x, sides).out();
      case LANCZOS3 -> scaledBy("lanczos3", e, x, sides, antialias);
      case LANCZOS5 -> scaledBy("lanczos5", e, x, sides, antialias);
    };
  }

  private static Output<?> scaledBy(
      String kernel, Emitter e, Output<?> x, Output<?> sides, boolean antialias) {
    Sides before = Sides.of(e, x);
    Output<?> given = e.op("Pack").list(List.of(before.height, before.width)).out();
    Output<?> scale = e.div(e.cast(sides, DataType.DT_FLOAT), e.cast(given, DataType.DT_FLOAT));
    return e.op("ScaleAndTranslate")
        .in(x, sides, scale, e.vector(0f, 0f))
        .attr("kernel_type", kernel)
        .attr("antialias", antialias)
        .out();
  }
}
