package dev.tfgraphs.ops;

import com.google.common.base.Ascii;
import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a value of a setting is written in a {@link Config}, and read from there.
 *
 * @param <V> the value
 */
@CheckReturnValue
public interface Form<V> {
  /** A whole number of 32 bits. */
  Form<Integer> INTEGER = of(ConfigValue::integer, Integer::longValue);

  /** A whole number. */
  Form<Long> LONG = of(ConfigValue::longInteger, value -> value);

  /** A number, whole or not. */
  Form<Double> NUMBER = of(ConfigValue::number, value -> value);

  /** True or false. */
  Form<Boolean> FLAG = of(ConfigValue::flag, value -> value);

  /** A string. */
  Form<String> TEXT = of(ConfigValue::text, value -> value);

  /** Axes: a list, or one of them alone. */
  Form<ImmutableList<Integer>> AXES = alone(INTEGER);

  /** The seed of random numbers, or null where there is none. */
  Form<OptionalLong> SEED =
      of(
          value -> value.isNull() ? OptionalLong.empty() : OptionalLong.of(value.longInteger()),
          seed -> seed.isPresent() ? (Long) seed.getAsLong() : null);

  /**
   * {@return the value here}
   *
   * @throws ModelException if there is something else, best made by {@link ConfigValue#expected}
   */
  V read(ConfigValue value);

  /** {@return how {@code value} is written} */
  @Nullable Object write(V value);

  /** {@return the form that two functions say} */
  static <V> Form<V> of(
      Function<ConfigValue, V> read, Function<? super V, ? extends @Nullable Object> write) {
    return new Form<>() {
      @Override
      public V read(ConfigValue value) {
        return read.apply(value);
      }

      @Override
      public @Nullable Object write(V value) {
        return write.apply(value);
      }
    };
  }

  /** {@return {@code form} where there is a value, and null where there is none} */
  static <V> Form<Optional<V>> optional(Form<V> form) {
    return of(
        value -> value.isNull() ? Optional.empty() : Optional.of(form.read(value)),
        value -> value.map(form::write).orElse(null));
  }

  /** {@return a list of values of one form} */
  static <V> Form<ImmutableList<V>> list(Form<V> form) {
    return of(
        value -> value.list().stream().map(form::read).collect(ImmutableList.toImmutableList()),
        values -> values.stream().<@Nullable Object>map(form::write).toList());
  }

  /** {@return {@code number} as an {@code Optional}} */
  static Optional<Double> boxed(OptionalDouble number) {
    return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
  }

  /** {@return {@code number} as an {@code Optional}} */
  static Optional<Long> boxed(OptionalLong number) {
    return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
  }

  /** {@return numbers in a list; one of them stands alone} */
  static Form<ImmutableList<Double>> numbers() {
    return alone(NUMBER);
  }

  /** {@return values of one form in a list; one of them stands alone} */
  static <V> Form<ImmutableList<V>> alone(Form<V> form) {
    Form<ImmutableList<V>> list = list(form);
    return of(
        value -> value.isList() ? list.read(value) : ImmutableList.of(form.read(value)),
        values -> values.size() == 1 ? form.write(values.get(0)) : list.write(values));
  }

  /** {@return a constant of {@code type} by its name in small letters: {@code "same"}} */
  static <E extends Enum<E>> Form<E> choice(Class<E> type) {
    ImmutableBiMap.Builder<String, E> names = ImmutableBiMap.builder();
    for (E constant : type.getEnumConstants()) {
      names.put(Ascii.toLowerCase(constant.name()), constant);
    }
    return choice(names.buildOrThrow());
  }

  /** {@return a value by its name} */
  static <V> Form<V> choice(ImmutableBiMap<String, V> names) {
    return of(
        value -> {
          V named = value.isText() ? names.get(value.text()) : null;
          if (named == null) {
            throw value.expected("one of \"" + String.join("\", \"", names.keySet()) + '"');
          }
          return named;
        },
        value -> Preconditions.checkNotNull(names.inverse().get(value)));
  }

  /** {@return {@code form} with other words for some of what it reads: {@code "swish"}} */
  static <V> Form<V> aliased(Form<V> form, Map<String, String> words) {
    return of(
        value ->
            form.read(
                value.isText() && words.containsKey(value.text())
                    ? value.with(words.get(value.text()))
                    : value),
        form::write);
  }
}
