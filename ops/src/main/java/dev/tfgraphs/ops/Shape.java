package dev.tfgraphs.ops;

import com.google.common.math.LongMath;
import com.google.common.primitives.ImmutableIntArray;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor, outermost first; any of them may be unknown until data arrives. An image
 * batch is {@code (batch, height, width, channels)}.
 */
public final class Shape {
  /** A size that only data decides, such as the batch. */
  public static final int UNKNOWN = -1;

  private final ImmutableIntArray sizes;

  private Shape(ImmutableIntArray sizes) {
    this.sizes = sizes;
  }

  /**
   * {@return the shape of the given sizes}
   *
   * @throws ModelException if a size is neither positive, zero nor {@link #UNKNOWN}
   */
  public static Shape of(int... sizes) {
    for (int size : sizes) {
      if (size < UNKNOWN) {
        throw new ModelException(
            "shape: sizes must be 0 or more, or Shape.UNKNOWN, received " + size);
      }
    }
    return new Shape(ImmutableIntArray.copyOf(sizes));
  }

  /** {@return this shape behind one more, unknown, outermost size: the batch} */
  public Shape batched() {
    return new Shape(ImmutableIntArray.builder(rank() + 1).add(UNKNOWN).addAll(sizes).build());
  }

  /** {@return how many sizes there are} */
  public int rank() {
    return sizes.length();
  }

  /**
   * {@return size {@code axis}; a negative axis counts from the end, so that -1 is the last}
   *
   * @throws ModelException if there is no such axis
   */
  public int size(int axis) {
    return sizes.get(place(axis));
  }

  private int place(int axis) {
    if (axis < -rank() || axis >= rank()) {
      throw new ModelException("shape: expected an axis of " + this + ", received " + axis);
    }
    return axis < 0 ? axis + rank() : axis;
  }

  /**
   * {@return this shape with another size at {@code axis}; a negative axis counts from the end}
   *
   * @throws ModelException if there is no such axis
   */
  public Shape with(int axis, int size) {
    int[] changed = sizes.toArray();
    changed[place(axis)] = size;
    return of(changed);
  }

  /** This image shape after a window slid over it; the channels stay. */
  Shape slid(Size window, Size strides, Padding padding) {
    return with(1, padding.outputSize(size(1), window.height(), strides.height()))
        .with(2, padding.outputSize(size(2), window.width(), strides.width()));
  }

  /** Whether height or width of this image shape is known to be 0. */
  boolean hasEmptySide() {
    return size(1) == 0 || size(2) == 0;
  }

  /** {@return whether every size is known} */
  public boolean isKnown() {
    return !sizes.contains(UNKNOWN);
  }

  /**
   * {@return how many elements a tensor of this shape has}
   *
   * @throws ModelException if a size is unknown, or if there are more than a long counts
   */
  public long elements() {
    if (!isKnown()) {
      throw new ModelException("shape: expected known sizes, received " + this);
    }
    long elements = 1;
    for (int axis = 0; axis < rank(); axis++) {
      elements = LongMath.saturatedMultiply(elements, sizes.get(axis));
    }
    if (elements == Long.MAX_VALUE) {
      throw new ModelException(
          "shape: expected fewer than " + Long.MAX_VALUE + " elements, received " + this);
    }
    return elements;
  }

  /** {@return the sizes, unknown ones as {@link #UNKNOWN}} */
  public int[] toArray() {
    return sizes.toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && sizes.equals(shape.sizes);
  }

  @Override
  public int hashCode() {
    return sizes.hashCode();
  }

  /** {@return the sizes as Keras prints them: {@code (None, 224, 224, 3)}} */
  @Override
  public String toString() {
    String inner =
        sizes.asList().stream()
            .map(size -> size == UNKNOWN ? "None" : Integer.toString(size))
            .collect(Collectors.joining(", "));
    return rank() == 1 ? "(" + inner + ",)" : "(" + inner + ")";
  }
}
