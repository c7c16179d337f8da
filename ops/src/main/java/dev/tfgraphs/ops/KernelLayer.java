package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What layers that multiply by a kernel have in common; {@code L} is the layer's own kind. How they
 * call the kernel's settings is their own business.
 */
abstract sealed class KernelLayer<L extends KernelLayer<L>> extends Layer
    permits Convolution, Dense {
  private ActivationFunction activation = ActivationFunction.LINEAR;
  private boolean useBias = true;
  private WeightSettings kernel = WeightSettings.from(Initializer.glorotUniform());
  private WeightSettings bias = WeightSettings.from(Initializer.zeros());
  private Optional<Regularizer> activityRegularizer = Optional.empty();

  /** The settings that follow a layer's own: the function, and those of kernel and bias. */
  static <L extends KernelLayer<L>> Settings<L> weighted(Settings<L> settings, String kernel) {
    Settings<L> before =
        settings
            .with(
                "activation",
                Forms.ACTIVATION,
                its -> its.activation(),
                (layer, function) -> layer.activation(function))
            .with("use_bias", Form.FLAG, its -> its.useBias(), (layer, use) -> layer.useBias(use));
    Settings<L> withKernel =
        WeightSettings.of(
            kernel, before, its -> kernelOf(its), (layer, weight) -> layer.kernel(old -> weight));
    return WeightSettings.of(
        "bias",
        withKernel,
        its -> biasOf(its),
        (layer, weight) -> copy(layer, copy -> ((KernelLayer<?>) copy).bias = weight));
  }

  private static WeightSettings kernelOf(KernelLayer<?> layer) {
    return layer.kernel;
  }

  private static WeightSettings biasOf(KernelLayer<?> layer) {
    return layer.bias;
  }

  /** A copy with one thing changed. */
  @SuppressWarnings("unchecked") // L is the layer's own kind
  private L with(Consumer<KernelLayer<L>> change) {
    return copy((L) this, change::accept);
  }

  /** {@return the function applied to the result; by default linear} */
  public ActivationFunction activation() {
    return activation;
  }

  /** {@return this layer with a function applied to its result} */
  public L activation(ActivationFunction activation) {
    return with(copy -> copy.activation = activation);
  }

  /** {@return whether a bias is added; by default it is} */
  public boolean useBias() {
    return useBias;
  }

  /** {@return this layer with or without a bias} */
  public L useBias(boolean useBias) {
    return with(copy -> copy.useBias = useBias);
  }

  /** {@return this layer with a bias that starts from {@code initializer}; by default zeros} */
  public L biasInitializer(Initializer initializer) {
    return with(copy -> copy.bias = copy.bias.initializer(initializer));
  }

  /** {@return this layer with a penalty on its bias; by default none} */
  public L biasRegularizer(Regularizer regularizer) {
    return with(copy -> copy.bias = copy.bias.regularizer(regularizer));
  }

  /** {@return this layer with a bias held by {@code constraint}; by default none} */
  public L biasConstraint(Constraint constraint) {
    return with(copy -> copy.bias = copy.bias.constraint(constraint));
  }

  final L kernel(UnaryOperator<WeightSettings> change) {
    return with(copy -> copy.kernel = change.apply(copy.kernel));
  }

  @Override
  public Optional<Regularizer> activityRegularizer() {
    return activityRegularizer;
  }

  /**
   * {@return this layer with a penalty on its result, activation included, divided by the size of
   * the batch; by default none}
   */
  public L activityRegularizer(Regularizer regularizer) {
    return with(copy -> copy.activityRegularizer = Optional.of(regularizer));
  }

  /** The kernel and, with one, the bias of {@code channels}. */
  final ImmutableList<WeightSpec> weights(Shape kernelShape, int channels) {
    WeightSpec spec = kernel.spec("kernel", kernelShape);
    return useBias
        ? ImmutableList.of(spec, bias.spec("bias", Shape.of(channels)))
        : ImmutableList.of(spec);
  }
}
