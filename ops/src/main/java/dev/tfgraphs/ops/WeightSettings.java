package dev.tfgraphs.ops;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What a layer's settings say of a weight that trains. */
record WeightSettings(
    Initializer initializer, Optional<Regularizer> regularizer, Optional<Constraint> constraint) {

  /** A layer's settings and those of its weight {@code name}. */
  static <L extends Layer> Settings<L> of(
      String name,
      Settings<L> settings,
      Function<L, WeightSettings> get,
      BiFunction<L, WeightSettings, L> set) {
    return settings
        .with(
            name + "_initializer",
            Initializers.KINDS,
            its -> get.apply(its).initializer,
            (layer, value) -> set.apply(layer, get.apply(layer).initializer(value)))
        .optional(
            name + "_regularizer",
            Regularizers.KINDS,
            its -> get.apply(its).regularizer,
            (layer, value) -> set.apply(layer, get.apply(layer).regularizer(value)))
        .optional(
            name + "_constraint",
            Constraints.KINDS,
            its -> get.apply(its).constraint,
            (layer, value) -> set.apply(layer, get.apply(layer).constraint(value)));
  }

  static WeightSettings from(Initializer initializer) {
    return new WeightSettings(initializer, Optional.empty(), Optional.empty());
  }

  WeightSettings initializer(Initializer other) {
    return new WeightSettings(other, regularizer, constraint);
  }

  WeightSettings regularizer(Regularizer other) {
    return new WeightSettings(initializer, Optional.of(other), constraint);
  }

  WeightSettings constraint(Constraint other) {
    return new WeightSettings(initializer, regularizer, Optional.of(other));
  }

  WeightSpec spec(String name, Shape shape) {
    return new WeightSpec(name, shape, true, initializer, regularizer, constraint);
  }
}
