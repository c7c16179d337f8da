package dev.tfgraphs.ops;

import java.util.Arrays;
import java.util.List;

/**
 * The same elements in another shape; the batch stays: {@code (batch, ...)} becomes {@code (batch,
 * sizes...)}. Keras's source: layers/reshaping/reshape.py.
 */
public final class Reshape extends Layer {
  static final Settings<Reshape> SETTINGS =
      Settings.<Reshape>of(
          "Reshape",
          its -> new Reshape(its.required("target_shape", Forms.TARGET, Reshape::targetShape)));

  private final Shape targetShape;

  Reshape(Shape targetShape) {
    this.targetShape = targetShape;
    long open = Arrays.stream(targetShape.toArray()).filter(size -> size < 0).count();
    require(open <= 1, "at most one size of -1", targetShape.toArray());
  }

  /**
   * {@return the sizes behind the batch; at most one is {@link Shape#UNKNOWN}, which follows from
   * the others}
   */
  public Shape targetShape() {
    return targetShape;
  }

  @Override
  public Reshape name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(in.rank() >= 1, "an input with a batch", in);
    return resolved(in).batched().with(0, in.size(0));
  }

  private Shape resolved(Shape in) {
    Shape one = in.with(0, 1);
    if (!one.isKnown()) {
      return targetShape;
    }
    long total = one.elements();
    if (targetShape.isKnown()) {
      require(
          total == targetShape.elements(), "an input with as many elements as " + targetShape, in);
      return targetShape;
    }
    int open = open();
    long others = targetShape.with(open, 1).elements();
    require(others > 0 && total % others == 0, "an input whose elements fill " + targetShape, in);
    return targetShape.with(open, sized(total / others));
  }

  private int open() {
    int axis = 0;
    while (targetShape.size(axis) != Shape.UNKNOWN) {
      axis++;
    }
    return axis;
  }
}
