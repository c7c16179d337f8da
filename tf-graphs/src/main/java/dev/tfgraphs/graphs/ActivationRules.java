package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.LeakyReLU;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.Softmax;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/** Functions of single elements, and softmax. */
final class ActivationRules {
  /** Keras's, and also what TensorFlow's fused ops take. */
  private static final double DEFAULT_SLOPE = 0.2;

  private ActivationRules() {}

  static Output<?> activation(Activation layer, LayerContext c, Output<?> x) {
    return apply(layer.function(), c, x);
  }

  static Output<?> leakyReLU(LeakyReLU layer, LayerContext c, Output<?> x) {
    return leaky(c.e(), x, layer.negativeSlope());
  }

  static Output<?> softmax(Softmax layer, LayerContext c, Output<?> x) {
    int rank = x.shape().numDimensions();
    int axis = Math.floorMod(layer.axis(), rank);
    if (axis == rank - 1) {
      return apply(ActivationFunction.SOFTMAX, c, x);
    }
    int[] swapped = new int[rank];
    for (int i = 0; i < rank; i++) {
      swapped[i] = i == axis ? rank - 1 : i == rank - 1 ? axis : i;
    }
    Emitter e = c.e();
    Output<?> last = e.op("Transpose").in(x, e.vector(swapped)).out();
    return e.op("Transpose").in(e.op("Softmax").in(last).out(), e.vector(swapped)).out();
  }

  static Output<?> reLU(ReLU layer, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    float threshold = (float) layer.threshold();
    float slope = (float) layer.negativeSlope();
    boolean clipped = layer.maxValue().isPresent();
    if (slope != 0 && threshold == 0 && !clipped) {
      return leaky(e, x, slope);
    }
    Output<?> positive = threshold == 0 ? relu(c, x) : above(e, x, threshold);
    if (clipped) {
      positive =
          e.op("ClipByValue")
              .in(positive, e.scalar(0f), e.scalar((float) layer.maxValue().orElseThrow()))
              .out();
    }
    if (slope == 0) {
      return positive;
    }
    Output<?> below = relu(e, e.sub(e.scalar(threshold), x));
    return e.sub(positive, e.mul(e.scalar(slope), below));
  }

  private static Output<?> above(Emitter e, Output<?> x, float threshold) {
    Output<?> mask = e.op("Greater").in(x, e.scalar(threshold)).out();
    return e.mul(x, e.cast(mask, x.dataType()));
  }

  /** The function on {@code x}; a loss later finds what softmax and sigmoid were applied to. */
  static Output<?> apply(ActivationFunction function, LayerContext c, Output<?> x) {
    Output<?> y = value(function, c, x);
    if (function == ActivationFunction.SOFTMAX || function == ActivationFunction.SIGMOID) {
      c.logits(function, x, y);
    }
    return y;
  }

  private static Output<?> value(ActivationFunction function, LayerContext c, Output<?> x) {
    Emitter e = c.e();
    return switch (function) {
      case LINEAR -> x;
      case RELU -> relu(c, x);
      case RELU6 -> e.op("Relu6").in(x).out();
      case LEAKY_RELU -> leaky(e, x, DEFAULT_SLOPE);
      case ELU -> e.op("Elu").in(x).out();
      case SELU -> e.op("Selu").in(x).out();
      case CELU ->
          e.add(relu(e, x), e.op("Expm1").in(e.op("Minimum").in(x, e.scalar(0f)).out()).out());
      case GELU -> gelu(e, x);
      case SILU -> e.mul(x, e.op("Sigmoid").in(x).out());
      case MISH -> mish(e, x);
      case SIGMOID -> e.op("Sigmoid").in(x).out();
      case HARD_SIGMOID -> hardSigmoid(e, x);
      case HARD_SILU -> e.mul(x, hardSigmoid(e, x));
      case HARD_TANH -> e.op("ClipByValue").in(x, e.scalar(-1f), e.scalar(1f)).out();
      case TANH -> tanh(e, x);
      case TANH_SHRINK -> e.sub(x, e.op("Tanh").in(x).out());
      case SOFTMAX -> e.op("Softmax").in(x).out();
      case LOG_SOFTMAX -> logSoftmax(e, x);
      case LOG_SIGMOID -> e.op("Neg").in(e.op("Softplus").in(e.op("Neg").in(x).out()).out()).out();
      case SOFTPLUS -> e.op("Softplus").in(x).out();
      case SOFTSIGN -> e.op("Softsign").in(x).out();
      case EXPONENTIAL -> e.op("Exp").in(x).out();
    };
  }

  private static Output<?> mish(Emitter e, Output<?> x) {
    Output<?> softplus = e.op("Softplus").in(x).out();
    return e.mul(x, normalized(x) || isSum(x) ? oddTanh(e, softplus) : tanh(e, softplus));
  }

  private static Output<?> tanh(Emitter e, Output<?> x) {
    return normalized(x) ? oddTanh(e, x) : e.op("Tanh").in(x).out();
  }

  /** The same bits, as the tangent is odd. */
  private static Output<?> oddTanh(Emitter e, Output<?> x) {
    return e.op("Neg").in(e.op("Tanh").in(e.op("Neg").in(x).out()).out()).out();
  }

  /**
   * Whether TensorFlow's optimizer would take a tanh or mish of {@code x} together with the
   * convolution and the normalization before it, into an op that no CPU kernel implements.
   */
  private static boolean normalized(Output<?> x) {
    return x.op().type().equals("FusedBatchNormV3");
  }

  private static Output<?> relu(LayerContext c, Output<?> x) {
    return c.training() ? OwnGradients.relu(c.e(), x) : relu(c.e(), x);
  }

  private static Output<?> relu(Emitter e, Output<?> x) {
    return e.op("Relu").in(x).out();
  }

  private static Output<?> leaky(Emitter e, Output<?> x, double slope) {
    if (slope != DEFAULT_SLOPE && isSum(x)) {
      Output<?> positive = e.op("Greater").in(x, e.scalar(0f)).out();
      return e.op("SelectV2").in(positive, x, e.mul(x, e.scalar((float) slope))).out();
    }
    return e.op("LeakyRelu").in(x).attr("alpha", (float) slope).out();
  }

  /**
   * Whether TensorFlow's optimizer may take what is applied to {@code x} together with the sum and
   * the convolution before it: a leaky ReLU into an op that forgets the slope, a mish into one that
   * no CPU kernel implements.
   */
  private static boolean isSum(Output<?> x) {
    return x.op() instanceof GraphOperation sum
        && (sum.type().equals("AddV2") || sum.type().equals("AddN"))
        && sum.numInputs() > 1
        && Arithmetic.rank(sum.input(0)) == Arithmetic.rank(sum.input(1));
  }

  private static Output<?> gelu(Emitter e, Output<?> x) {
    Output<?> erf = e.op("Erf").in(e.div(x, e.scalar((float) Math.sqrt(2)))).out();
    return e.mul(e.mul(e.scalar(0.5f), x), e.add(e.scalar(1f), erf));
  }

  private static Output<?> hardSigmoid(Emitter e, Output<?> x) {
    return e.div(e.op("Relu6").in(e.add(x, e.scalar(3f))).out(), e.scalar(6f));
  }

  /**
   * TensorFlow's C++ gradient sums over axis 1 whatever the rank, so that it is only right for rank
   * 2.
   */
  private static Output<?> logSoftmax(Emitter e, Output<?> x) {
    Shape shape = x.shape();
    if (shape.numDimensions() == 2) {
      return e.op("LogSoftmax").in(x).out();
    }
    int last = Math.toIntExact(shape.get(shape.numDimensions() - 1));
    Output<?> rows = e.op("LogSoftmax").in(e.reshape(x, e.vector(-1, last))).out();
    return e.reshape(rows, e.shape(x));
  }
}
