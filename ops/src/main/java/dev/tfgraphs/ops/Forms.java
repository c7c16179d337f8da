package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The forms of what only layers have. */
final class Forms {
  /** {@code [height, width]}; one number alone is both. */
  static final Form<Size> SIZE =
      Form.of(
          value -> {
            if (!value.isList()) {
              return Size.square(value.integer());
            }
            List<ConfigValue> sides = value.list(2);
            return new Size(sides.get(0).integer(), sides.get(1).integer());
          },
          size -> List.of((long) size.height(), (long) size.width()));

  /** {@code [[top, bottom], [left, right]]}; a number for two sides or all of them is read, too. */
  static final Form<Sides> SIDES =
      Form.of(
          value -> {
            if (!value.isList()) {
              return sides(value, value);
            }
            List<ConfigValue> directions = value.list(2);
            return sides(directions.get(0), directions.get(1));
          },
          sides ->
              List.of(
                  List.of((long) sides.top(), (long) sides.bottom()),
                  List.of((long) sides.left(), (long) sides.right())));

  /** Sizes of which null is unknown. */
  static final Form<Shape> SHAPE =
      Form.of(
          value ->
              Shape.of(
                  value.list().stream()
                      .mapToInt(size -> size.isNull() ? Shape.UNKNOWN : size(size))
                      .toArray()),
          shape ->
              Arrays.stream(shape.toArray())
                  .<@Nullable Object>mapToObj(size -> size == Shape.UNKNOWN ? null : (long) size)
                  .toList());

  /** Sizes of which -1 is unknown. */
  static final Form<Shape> TARGET =
      Form.of(
          value -> Shape.of(Ints.toArray(Form.list(Form.INTEGER).read(value))),
          shape ->
              Form.list(Form.INTEGER).write(ImmutableList.copyOf(Ints.asList(shape.toArray()))));

  /** An axis; Keras 2 has it in a list. */
  static final Form<Integer> AXIS =
      Form.of(
          value -> value.isList() ? value.list(1).get(0).integer() : value.integer(),
          Integer::longValue);

  /** {@code [lower, upper]}. */
  static final Form<Range> RANGE =
      Form.of(
          value -> {
            List<ConfigValue> bounds = value.list(2);
            return Range.of(bounds.get(0).number(), bounds.get(1).number());
          },
          range -> List.of(range.lower(), range.upper()));

  static final Form<Padding> PADDING = Form.choice(Padding.class);

  static final Form<Interpolation> INTERPOLATION = Form.choice(Interpolation.class);

  private static final Form<ActivationFunction> NAMED =
      Form.aliased(
          Form.choice(ActivationFunction.class),
          Map.of("swish", "silu", "hard_swish", "hard_silu"));

  /**
   * A function by its name; null is linear, and a layer stands for the function that it applies.
   */
  static final Form<ActivationFunction> ACTIVATION = Form.of(Forms::activation, NAMED::write);

  private Forms() {}

  /**
   * {@code [lower, upper]}; one number alone lies as far below 0 as above, but not below lowest.
   */
  static Form<Range> around(double lowest) {
    return Form.of(
        value -> {
          if (value.isList()) {
            return RANGE.read(value);
          }
          if (value.number() < lowest) {
            throw value.expected("a number of " + lowest + " or more, or two numbers");
          }
          return Range.around(value.number(), lowest);
        },
        RANGE::write);
  }

  /** Keras's other order of axes, channels first, is none here. */
  static <L extends Layer> Settings<L> channelsLast(Settings<L> settings) {
    return settings.fixed("data_format", "channels_last");
  }

  static <L extends Layer> Size heightAndWidth(Settings.Arguments<L> its, Function<L, Size> size) {
    return new Size(
        its.required("height", Form.INTEGER, layer -> size.apply(layer).height()),
        its.required("width", Form.INTEGER, layer -> size.apply(layer).width()));
  }

  private static int size(ConfigValue value) {
    int size = value.integer();
    if (size < 0) {
      throw value.expected("a size of 0 or more, or null");
    }
    return size;
  }

  private static Sides sides(ConfigValue height, ConfigValue width) {
    Size rows = SIZE.read(height);
    Size columns = SIZE.read(width);
    return new Sides(rows.height(), rows.width(), columns.height(), columns.width());
  }

  private static ActivationFunction activation(ConfigValue value) {
    if (value.isNull()) {
      return ActivationFunction.LINEAR;
    }
    if (value.isText()) {
      return NAMED.read(value);
    }
    Map<String, @Nullable Object> object = value.map();
    if (object.get("config") instanceof String function) {
      return NAMED.read(value.with(function));
    }
    return function(LayerKinds.read(value.object()))
        .orElseThrow(
            () -> value.expected("a function or a layer that applies one of Keras's functions"));
  }

  /** The function that does the same as {@code layer}, if there is one. */
  private static Optional<ActivationFunction> function(Layer layer) {
    if (layer instanceof Activation activation) {
      return Optional.of(activation.function());
    }
    if (layer instanceof Softmax softmax && softmax.axis() == -1) {
      return Optional.of(ActivationFunction.SOFTMAX);
    }
    if (layer instanceof LeakyReLU leaky) {
      return rectifier(leaky.negativeSlope(), Optional.empty());
    }
    return layer instanceof ReLU rectifier && rectifier.threshold() == 0
        ? rectifier(rectifier.negativeSlope(), Form.boxed(rectifier.maxValue()))
        : Optional.empty();
  }

  private static Optional<ActivationFunction> rectifier(double slope, Optional<Double> most) {
    if (slope == 0 && most.isEmpty()) {
      return Optional.of(ActivationFunction.RELU);
    }
    if (slope == 0 && most.get() == 6) {
      return Optional.of(ActivationFunction.RELU6);
    }
    return slope == 0.2 && most.isEmpty()
        ? Optional.of(ActivationFunction.LEAKY_RELU)
        : Optional.empty();
  }
}
