package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Size;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;

/**
 * A dilated convolution as plain convolutions of interleaved parts of the image, whose gradients
 * TensorFlow has: space to batch, convolve, batch to space.
 */
final class Dilation {
  private Dilation() {}

  static Output<?> apply(
      Emitter e,
      Output<?> x,
      Size kernel,
      Size rate,
      Padding padding,
      UnaryOperator<Output<?>> conv) {
    int[] rates = {rate.height(), rate.width()};
    int[] pads = {
      padding == Padding.SAME ? (kernel.height() - 1) * rates[0] : 0,
      padding == Padding.SAME ? (kernel.width() - 1) * rates[1] : 0
    };
    boolean known = x.shape().get(1) >= 0 && x.shape().get(2) >= 0;
    Borders borders = known ? known(e, x.shape(), rates, pads) : atRunTime(e, x, rates, pads);
    Output<?> parts = e.op("SpaceToBatchND").in(x, e.vector(rates), borders.paddings).out();
    return e.op("BatchToSpaceND").in(conv.apply(parts), e.vector(rates), borders.crops).out();
  }

  /**
   * What is added around the image so that the rate divides it, and what of that the result loses
   * again.
   */
  private record Borders(Output<?> paddings, Output<?> crops) {}

  private static Borders known(Emitter e, Shape shape, int[] rates, int[] pads) {
    int[] paddings = new int[4];
    int[] crops = new int[4];
    for (int i = 0; i < 2; i++) {
      int full = Math.toIntExact(shape.get(i + 1)) + pads[i];
      int fill = Math.floorMod(-full, rates[i]);
      paddings[2 * i] = pads[i] / 2;
      paddings[2 * i + 1] = pads[i] - pads[i] / 2 + fill;
      crops[2 * i + 1] = fill;
    }
    return new Borders(pairs(e, paddings), pairs(e, crops));
  }

  private static Borders atRunTime(Emitter e, Output<?> x, int[] rates, int[] pads) {
    Output<?> sides =
        e.op("Pack").list(List.of(Windows.size(e, x, 1), Windows.size(e, x, 2))).out();
    Output<?> full = e.add(sides, e.vector(pads));
    Output<?> fill = e.op("FloorMod").in(e.op("Neg").in(full).out(), e.vector(rates)).out();
    Output<?> before = e.vector(pads[0] / 2, pads[1] / 2);
    Output<?> after = e.add(e.vector(pads[0] - pads[0] / 2, pads[1] - pads[1] / 2), fill);
    return new Borders(
        e.op("Pack").list(List.of(before, after)).attr("axis", 1L).out(),
        e.op("Pack").list(List.of(e.vector(0, 0), fill)).attr("axis", 1L).out());
  }

  private static Output<?> pairs(Emitter e, int[] values) {
    try (TInt32 tensor = TInt32.tensorOf(Shape.of(2, 2), DataBuffers.of(values, true, false))) {
      return e.constant(tensor);
    }
  }
}
