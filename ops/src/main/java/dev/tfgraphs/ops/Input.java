package dev.tfgraphs.ops;

import java.util.List;

/** Where data enters; has no inputs of its own. */
public final class Input extends Layer {
  private final Shape shape;

  Input(Shape shape) {
    this.shape = shape.batched();
  }

  /** {@return the shape of a batch; its first size is unknown} */
  public Shape shape() {
    return shape;
  }

  @Override
  public Input name(String name) {
    return named(this, name);
  }

  /** {@return {@code InputLayer}, Keras's class} */
  @Override
  public String className() {
    return "InputLayer";
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    require(inputs.isEmpty(), "no inputs", inputs.size() + " inputs");
    return shape;
  }
}
