package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.DepthwiseConv2D;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Size;
import java.util.List;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Layers that multiply by a kernel. */
final class ConvolutionRules {
  private static final Size ONE = new Size(1, 1);
  private static final int PRODUCT_CHANNELS = 32;

  private ConvolutionRules() {}

  static Output<?> conv2D(Conv2D layer, LayerContext c, Output<?> x) {
    Output<?> kernel = c.value("kernel");
    Output<?> y;
    if (!layer.dilationRate().equals(ONE) && c.training()) {
      // the C++ gradient of Conv2D drops dilations
      y =
          Dilation.apply(
              c.e(),
              x,
              layer.kernelSize(),
              layer.dilationRate(),
              layer.padding(),
              part -> conv(c.e(), part, kernel, ONE, Padding.VALID, ONE));
    } else if (standsOver(layer, x)) {
      Output<?> met = met(c.e(), kernel, x);
      y = conv(c.e(), x, met, layer.strides(), Padding.VALID, ONE);
    } else {
      boolean skips = skips(layer, c);
      Output<?> seen = skips ? every(c.e(), x, layer.strides()) : x;
      Size strides = skips ? ONE : layer.strides();
      y =
          isProduct(layer, c, x)
              ? product(c.e(), seen, kernel, layer.filters())
              : conv(c.e(), seen, kernel, strides, layer.padding(), layer.dilationRate());
    }
    return ActivationRules.apply(layer.activation(), c, biased(layer.useBias(), c, y));
  }

  /** Whether a window stands on the image in one place only and reaches over its border. */
  private static boolean standsOver(Conv2D layer, Output<?> x) {
    Shape in = Shapes.fromTensorFlow(x.shape());
    Size size = layer.kernelSize();
    return layer.padding() == Padding.SAME
        && layer.dilationRate().equals(ONE)
        && layer.infer(List.of(in)).size(1) == 1
        && layer.infer(List.of(in)).size(2) == 1
        && (size.height() > in.size(1) || size.width() > in.size(2));
  }

  /**
   * The part of such a kernel that meets the image. The rest meets zeros, which takes as long: of a
   * 3 x 3 kernel on one pixel, where deep networks end on small images, eight parts of nine.
   */
  private static Output<?> met(Emitter e, Output<?> kernel, Output<?> x) {
    int[] begin = new int[4];
    int[] size = {-1, -1, -1, -1};
    for (int axis = 0; axis < 2; axis++) {
      int all = Math.toIntExact(kernel.shape().get(axis));
      size[axis] = Math.min(all, Math.toIntExact(x.shape().get(axis + 1)));
      begin[axis] = (all - size[axis]) / 2;
    }
    return e.op("Slice").in(kernel, e.vector(begin), e.vector(size)).out();
  }

  /**
   * Whether a convolution is better written without strides, behind the pixels that it sees: on
   * CPUs its gradients take many times as long when they have to step over the others.
   */
  private static boolean skips(Conv2D layer, LayerContext c) {
    return isPixelwise(layer, c) && !layer.strides().equals(ONE) && !c.onGpu();
  }

  private static boolean isPixelwise(Conv2D layer, LayerContext c) {
    return c.training() && layer.kernelSize().equals(ONE);
  }

  /** Every so many pixels of {@code x}; a 1 x 1 convolution sees no others. */
  private static Output<?> every(Emitter e, Output<?> x, Size strides) {
    return e.op("AvgPool")
        .in(x)
        .attr("ksize", Windows.of(ONE))
        .attr("strides", Windows.of(strides))
        .attr("padding", "VALID")
        .out();
  }

  /**
   * Whether a convolution is to be written as the product of matrices that it is. On CPUs the
   * gradient of its kernel then takes a fifth less; in inference activations are fused into
   * convolutions, GPUs know them best, float16 has no kernels of either on CPUs, and with few
   * channels there is nothing to win.
   */
  private static boolean isProduct(Conv2D layer, LayerContext c, Output<?> x) {
    return isPixelwise(layer, c)
        && layer.groups() == 1
        && Math.min(layer.filters(), x.shape().get(3)) >= PRODUCT_CHANNELS
        && x.dataType() != DataType.DT_HALF
        && !c.onGpu();
  }

  private static Output<?> product(Emitter e, Output<?> x, Output<?> kernel, int filters) {
    int channels = Math.toIntExact(kernel.shape().get(2));
    return product(e, x, e.reshape(kernel, e.vector(channels, filters)));
  }

  /** Each vector of {@code x}, whatever its other axes are, times a matrix. */
  private static Output<?> product(Emitter e, Output<?> x, Output<?> matrix) {
    int in = Math.toIntExact(matrix.shape().get(0));
    Output<?> rows = e.op("MatMul").in(e.reshape(x, e.vector(-1, in)), matrix).out();
    return e.reshape(rows, Windows.sizes(e, x, Math.toIntExact(matrix.shape().get(1))));
  }

  private static Output<?> conv(
      Emitter e, Output<?> x, Output<?> kernel, Size strides, Padding padding, Size dilations) {
    return e.op("Conv2D")
        .in(x, kernel)
        .attr("strides", Windows.of(strides))
        .attr("padding", padding.name())
        .attr("dilations", Windows.of(dilations))
        .out();
  }

  static Output<?> depthwiseConv2D(DepthwiseConv2D layer, LayerContext c, Output<?> x) {
    Size strides = layer.strides();
    if (strides.height() != strides.width()) {
      throw new GraphException(
          "expected strides of one height and width (TensorFlow's depthwise convolution has no"
              + " others), received "
              + strides);
    }
    Output<?> kernel = c.value("kernel");
    Output<?> y =
        layer.dilationRate().equals(ONE)
            ? depthwise(c.e(), x, kernel, strides, layer.padding())
            // without oneDNN the kernel has no dilations, and its gradient has none at all
            : Dilation.apply(
                c.e(),
                x,
                layer.kernelSize(),
                layer.dilationRate(),
                layer.padding(),
                part -> depthwise(c.e(), part, kernel, ONE, Padding.VALID));
    return ActivationRules.apply(layer.activation(), c, biased(layer.useBias(), c, y));
  }

  private static Output<?> depthwise(
      Emitter e, Output<?> x, Output<?> kernel, Size strides, Padding padding) {
    return e.op("DepthwiseConv2dNative")
        .in(x, kernel)
        .attr("strides", Windows.of(strides))
        .attr("padding", padding.name())
        .out();
  }

  static Output<?> conv2DTranspose(Conv2DTranspose layer, LayerContext c, Output<?> x) {
    if (c.training() && !layer.dilationRate().equals(ONE)) {
      throw new GraphException(
          "expected no dilation in training (TensorFlow's gradient drops it), received dilation"
              + " rate "
              + layer.dilationRate());
    }
    Emitter e = c.e();
    Output<?> y =
        e.op("Conv2DBackpropInput")
            .in(transposedSize(layer, e, x), c.value("kernel"), x)
            .attr("strides", Windows.of(layer.strides()))
            .attr("padding", layer.padding().name())
            .attr("dilations", Windows.of(layer.dilationRate()))
            .out();
    return ActivationRules.apply(layer.activation(), c, biased(layer.useBias(), c, y));
  }

  /**
   * The result's sizes: known ones as constants, the others by the layer's own arithmetic, which is
   * linear in the size.
   */
  private static Output<?> transposedSize(Conv2DTranspose layer, Emitter e, Output<?> x) {
    Shape in = Shapes.fromTensorFlow(x.shape());
    Shape out = layer.infer(List.of(in));
    int probe = 64;
    Shape probed = layer.infer(List.of(in.with(1, probe).with(2, probe)));
    Size strides = layer.strides();
    Output<?> height =
        side(e, x, 1, out, strides.height(), probed.size(1) - probe * strides.height());
    Output<?> width = side(e, x, 2, out, strides.width(), probed.size(2) - probe * strides.width());
    return e.op("Pack")
        .list(List.of(Windows.size(e, x, 0), height, width, e.scalar(layer.filters())))
        .out();
  }

  private static Output<?> side(Emitter e, Output<?> x, int axis, Shape out, int stride, int more) {
    return out.size(axis) != Shape.UNKNOWN
        ? e.scalar(out.size(axis))
        : e.add(e.mul(Windows.size(e, x, axis), e.scalar(stride)), e.scalar(more));
  }

  static Output<?> dense(Dense layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    Output<?> kernel = c.value("kernel");
    Output<?> y =
        x.shape().numDimensions() == 2 ? e.op("MatMul").in(x, kernel).out() : product(e, x, kernel);
    return ActivationRules.apply(layer.activation(), c, biased(layer.useBias(), c, y));
  }

  private static Output<?> biased(boolean useBias, LayerContext c, Output<?> y) {
    if (!useBias) {
      return y;
    }
    // a BiasAdd is fused into the convolution before it; forwards that saves a pass over the image,
    // but the fused gradient of the kernel costs more than both of its parts
    Output<?> bias = c.value("bias");
    Output<?> sum = c.training() ? c.e().add(y, bias) : c.e().op("BiasAdd").in(y, bias).out();
    c.biased(y, bias, sum);
    return sum;
  }
}
