package dev.tfgraphs.ops;

import java.util.Optional;

/** What a layer's settings say of a weight that trains. */
record WeightSettings(
    Initializer initializer, Optional<Regularizer> regularizer, Optional<Constraint> constraint) {

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
