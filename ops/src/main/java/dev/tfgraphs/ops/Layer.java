package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one step of a network is: its settings, the shape that it makes and the weights that it has.
 * A layer is an immutable value that holds no numbers; {@link Layers} makes them, and every setting
 * returns a changed copy. One instance used twice shares its weights; two that look alike do not.
 */
@CheckReturnValue
public abstract sealed class Layer implements Cloneable
    permits Activation,
        BatchNormalization,
        CenterCrop,
        Cropping2D,
        CustomLayer,
        Dropout,
        Flatten,
        Flip,
        GaussianNoise,
        GlobalPooling2D,
        Input,
        KernelLayer,
        LeakyReLU,
        Merge,
        Model,
        Normalization,
        Permute,
        Pooling2D,
        RandomImageLayer,
        ReLU,
        Rescaling,
        Reshape,
        Resizing,
        Softmax,
        SpatialDropout2D,
        UpSampling2D,
        ZeroPadding2D {
  private static final AtomicLong MADE = new AtomicLong();

  private @Nullable String name;
  private long order = nextOrder();

  Layer() {}

  /**
   * {@return the name that was given to this layer; without one, a model names it as Keras does}
   */
  public final Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /**
   * {@return this layer under {@code name}, which is also how weight files know it}
   *
   * @throws ModelException if the name is empty or holds a character that TensorFlow refuses
   */
  public abstract Layer name(String name);

  /** {@return Keras's name of the class, such as {@code Conv2D}} */
  public String className() {
    return getClass().getSimpleName();
  }

  /**
   * {@return what Keras calls a layer of this class that has no name, before it counts: {@code
   * conv2d} for {@code Conv2D}}
   */
  public final String automaticName() {
    return Names.snakeCase(className());
  }

  /**
   * {@return the shape of the result}
   *
   * @throws ModelException if the inputs do not fit this layer
   */
  public abstract Shape infer(List<Shape> inputs);

  /** {@return the weights for such inputs, in Keras's order} */
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    return ImmutableList.of();
  }

  /** {@return whether training draws random numbers here and no seed was set, as a dropout does} */
  public boolean needsSeed() {
    return false;
  }

  /**
   * {@return whether training draws random numbers here, with a seed of this layer's own or
   * without; a frozen layer draws, too}
   */
  public boolean isRandom() {
    return needsSeed();
  }

  /**
   * {@return the penalty on what this layer makes, divided by the size of the batch; by default
   * none}
   */
  public Optional<Regularizer> activityRegularizer() {
    return Optional.empty();
  }

  /**
   * {@return the result of this layer on the given nodes}
   *
   * @throws ModelException if the inputs do not fit this layer
   */
  public final Node on(Node... inputs) {
    return new Call(this, ImmutableList.copyOf(inputs)).onlyOutput();
  }

  /**
   * {@return Keras's class and settings of this layer; of what is no business of a layer, whether
   * it trains and in which precision it computes, Keras's defaults}
   *
   * @throws ModelException if Keras has no such layer
   */
  public Config config() {
    return LayerKinds.config(this, name(), true);
  }

  /**
   * {@return the layer that {@code config} describes, in the words of Keras 3 or 2}
   *
   * <p>Whether it trains is left to models, and in which precision it computes to who trains: mixed
   * policies are taken as float32.
   *
   * @throws ModelException if there is no such class here, or if a setting is missing, unknown or
   *     not possible
   */
  public static Layer fromConfig(Config config) {
    return LayerKinds.read(config);
  }

  /** The shapes of all results; a model may have several. */
  ImmutableList<Shape> inferAll(List<Shape> inputs) {
    return ImmutableList.of(infer(inputs));
  }

  /**
   * A number that grows with every layer made: Keras's order of creation, by which it names layers
   * and draws seeds.
   */
  final long order() {
    return order;
  }

  static long nextOrder() {
    return MADE.getAndIncrement();
  }

  /** Looks over a finished copy; called after every change. */
  void check() {}

  /** {@return a copy of {@code layer} with one thing changed, which makes it another layer} */
  @SuppressWarnings("unchecked") // a clone has the class of its original
  protected static <L extends Layer> L copy(L layer, Consumer<L> change) {
    L copy = (L) ((Layer) layer).clone();
    change.accept(copy);
    ((Layer) copy).check();
    return copy;
  }

  /** The same layer in another state: it keeps its place in the order of creation. */
  static <L extends Layer> L inState(L layer, Consumer<L> change) {
    L copy = copy(layer, change);
    ((Layer) copy).order = ((Layer) layer).order;
    return copy;
  }

  /** {@return a copy of {@code layer} under another name} */
  protected static <L extends Layer> L named(L layer, String name) {
    layer.require(Names.isValid(name), "a name of " + Names.RULE, "'" + name + "'");
    return copy(layer, copy -> ((Layer) copy).name = name);
  }

  /** The one input of a layer that takes one. */
  protected final Shape only(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw expected("one input", inputs.size() + " inputs");
    }
    return inputs.get(0);
  }

  /**
   * The one input, an image batch {@code (batch, height, width, channels)} whose channels are
   * known.
   */
  protected final Shape image(List<Shape> inputs) {
    Shape input = only(inputs);
    if (input.rank() != 4) {
      throw expected("an input (batch, height, width, channels)", input);
    }
    if (input.size(-1) == Shape.UNKNOWN) {
      throw expected("an input with a known number of channels", input);
    }
    return input;
  }

  /** The error of a setting or input that does not fit: who, what was expected, what came. */
  protected final ModelException expected(String expected, Object received) {
    String text = received instanceof int[] sizes ? Arrays.toString(sizes) : received.toString();
    return new ModelException(describe() + ": expected " + expected + ", received " + text);
  }

  final void require(boolean holds, String expected, Object received) {
    if (!holds) {
      throw expected(expected, received);
    }
  }

  final void requireNearby(Interpolation interpolation) {
    require(
        interpolation == Interpolation.NEAREST || interpolation == Interpolation.BILINEAR,
        "the interpolation NEAREST or BILINEAR",
        interpolation);
  }

  /** A computed size, unless no tensor can have it. */
  final int sized(long size) {
    require(size <= Integer.MAX_VALUE, "sizes up to " + Integer.MAX_VALUE, size);
    return Math.toIntExact(size);
  }

  final void requirePositive(String setting, Size size) {
    require(size.height() > 0 && size.width() > 0, "positive " + setting, size);
  }

  /**
   * How errors call this layer: {@code layer 'conv1_conv' (Conv2D)}, or {@code layer Conv2D} while
   * it has no name.
   */
  final String describe() {
    return name == null ? "layer " + className() : "layer '" + name + "' (" + className() + ")";
  }

  @Override
  protected final Layer clone() {
    try {
      Layer copy = (Layer) super.clone();
      copy.order = nextOrder();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return describe();
  }
}
