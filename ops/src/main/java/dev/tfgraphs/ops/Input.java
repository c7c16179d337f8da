package dev.tfgraphs.ops;

import java.util.Arrays;
import java.util.List;

/** Where data enters; has no inputs of its own. */
public final class Input extends Layer {
  static final Settings<Input> SETTINGS =
      Settings.<Input>of(
              "InputLayer", its -> ofBatch(its.required("batch_shape", Forms.SHAPE, Input::shape)))
          .formerly("batch_input_shape", "batch_shape")
          .fixed("sparse", false)
          .fixed("ragged", false)
          .fixed("optional", false);

  private final Shape shape;

  Input(Shape shape) {
    this.shape = shape.batched();
  }

  /** An input of such batches; how large a batch is may be known in Keras and is not here. */
  static Input ofBatch(Shape batch) {
    if (batch.rank() == 0) {
      throw new ModelException("layer InputLayer: expected a shape that has a batch, received ()");
    }
    return new Input(Shape.of(Arrays.copyOfRange(batch.toArray(), 1, batch.rank())));
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
