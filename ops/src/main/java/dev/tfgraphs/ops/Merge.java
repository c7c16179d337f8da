package dev.tfgraphs.ops;

import com.google.common.base.Ascii;
import java.util.Arrays;
import java.util.List;

/**
 * Joins several nodes into one: element by element, with NumPy's broadcasting behind the batch and,
 * where ranks differ, sizes of 1 put there first, or, for {@link Kind#CONCATENATE}, along an axis.
 * Keras's source: layers/merging.
 */
public final class Merge extends Layer {
  /** How nodes are joined. */
  public enum Kind {
    /** The sum, from left to right. */
    ADD,
    /** The first minus the second; exactly two. */
    SUBTRACT,
    /** The product. */
    MULTIPLY,
    /** The sum over the number of nodes. */
    AVERAGE,
    /** The larger of each. */
    MAXIMUM,
    /** The smaller of each. */
    MINIMUM,
    /** One behind another. */
    CONCATENATE
  }

  static Settings<Merge> settings(Kind kind) {
    Settings<Merge> settings = Settings.of(new Merge(kind).className(), its -> new Merge(kind));
    return kind == Kind.CONCATENATE
        ? settings.with("axis", Form.INTEGER, Merge::axis, Merge::axis)
        : settings;
  }

  private final Kind kind;
  private int axis = -1;

  Merge(Kind kind) {
    this.kind = kind;
  }

  /** {@return how nodes are joined} */
  public Kind kind() {
    return kind;
  }

  /** {@return along which axis nodes are concatenated; by default the last} */
  public int axis() {
    return axis;
  }

  /**
   * {@return this layer along another axis}
   *
   * @throws ModelException if the layer does not concatenate, or if the axis is the batch
   */
  public Merge axis(int axis) {
    require(kind == Kind.CONCATENATE, "no axis", axis);
    require(axis != 0, "an axis other than the batch", axis);
    return copy(this, copy -> copy.axis = axis);
  }

  @Override
  public Merge name(String name) {
    return named(this, name);
  }

  /** {@return Keras's class: {@code Add}, {@code Concatenate}, ...} */
  @Override
  public String className() {
    return kind.name().charAt(0) + Ascii.toLowerCase(kind.name().substring(1));
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    require(
        kind == Kind.SUBTRACT ? inputs.size() == 2 : inputs.size() >= 2,
        kind == Kind.SUBTRACT ? "two inputs" : "two inputs or more",
        inputs.size());
    return kind == Kind.CONCATENATE ? concatenated(inputs) : broadcast(inputs);
  }

  private Shape concatenated(List<Shape> inputs) {
    Shape first = inputs.get(0);
    require(axis >= -first.rank() && axis < first.rank(), "inputs that have axis " + axis, first);
    Shape result = first;
    for (Shape input : inputs.subList(1, inputs.size())) {
      require(input.rank() == first.rank(), "inputs of one rank", first + " and " + input);
      int joined = result.size(axis);
      for (int i = 0; i < first.rank(); i++) {
        if (i != Math.floorMod(axis, first.rank())) {
          result = result.with(i, same(result.size(i), input.size(i), first, input));
        }
      }
      boolean unknown = joined == Shape.UNKNOWN || input.size(axis) == Shape.UNKNOWN;
      result = result.with(axis, unknown ? Shape.UNKNOWN : sized((long) joined + input.size(axis)));
    }
    return result;
  }

  private int same(int a, int b, Shape first, Shape other) {
    require(
        a == b || a == Shape.UNKNOWN || b == Shape.UNKNOWN,
        "inputs of one shape except at axis " + axis,
        first + " and " + other);
    return a == Shape.UNKNOWN ? b : a;
  }

  private Shape broadcast(List<Shape> inputs) {
    int rank = inputs.stream().mapToInt(Shape::rank).max().orElseThrow();
    Shape result = spread(inputs.get(0), rank);
    for (Shape input : inputs.subList(1, inputs.size())) {
      Shape other = spread(input, rank);
      for (int i = 0; i < rank; i++) {
        result = result.with(i, wider(result.size(i), other.size(i), inputs.get(0), input));
      }
    }
    return result;
  }

  /** Sizes of 1 behind the batch, until the rank is that of the others. */
  private static Shape spread(Shape shape, int rank) {
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    for (int i = 1; i < shape.rank(); i++) {
      sizes[rank - i] = shape.size(-i);
    }
    sizes[0] = shape.size(0);
    return Shape.of(sizes);
  }

  private int wider(int a, int b, Shape first, Shape other) {
    if (a == b || b == 1) {
      return a;
    }
    if (a == 1) {
      return b;
    }
    require(
        a == Shape.UNKNOWN || b == Shape.UNKNOWN, "inputs of one shape", first + " and " + other);
    return a == Shape.UNKNOWN ? b : a;
  }
}
