package dev.tfgraphs.ops;

import java.util.List;

/** Where data enters; has no inputs of its own. */
public final class Input extends Layer {
  static final Settings<Input> SETTINGS =
      Settings.<Input>of(
              "InputLayer",
              its -> new Input(its.required("batch_shape", Forms.SHAPE, Input::shape), true))
          .formerly("batch_input_shape", "batch_shape")
          .fixed("sparse", false)
          .fixed("ragged", false)
          .fixed("optional", false);

  private final Shape shape;

  Input(Shape shape) {
    this.shape = shape.batched();
  }

  /** An input of {@code batch}, whose first size may be known in Keras and is not here. */
  private Input(Shape batch, boolean batched) {
    require(batched && batch.rank() > 0, "a shape that has a batch", batch);
    this.shape = batch.with(0, Shape.UNKNOWN);
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
