package dev.tfgraphs.graphs;

import com.google.common.collect.Range;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.OptionalInt;
import org.tensorflow.proto.DataType;

/**
 * What a loss wants as target for an output.
 *
 * @param ignored a class number beside the classes, of what does not count
 * @param output the shape of the output
 */
record Targets(Kind kind, OptionalInt ignored, Shape output) {
  /** What targets are; all but the first two are int32. */
  enum Kind {
    /** Float32 numbers shaped as the output. */
    NUMBERS,
    /** Such numbers that are yes or no, or parts of a whole, which lie from 0 to 1. */
    PARTS,
    /** Class numbers, shaped as the output without its last axis. */
    CLASSES,
    /** Any numbers of which equal ones say that samples belong together, {@code (batch)}. */
    GROUPS,
    /** Class numbers in a row of any length, {@code (batch, length)}, filled up with 0. */
    SEQUENCES
  }

  /**
   * What {@code loss} wants.
   *
   * @throws GraphException if the output has no last axis of classes behind the batch
   */
  static Targets of(Loss loss, Shape output) {
    if (output.rank() < 2 || output.size(-1) == Shape.UNKNOWN) {
      throw new GraphException(
          "loss: expected an output (batch, ..., classes) of known last size, received " + output);
    }
    Kind kind = kind(loss);
    checkRank(kind, output);
    return new Targets(kind, ignored(loss), output);
  }

  private static void checkRank(Kind kind, Shape output) {
    if (kind == Kind.SEQUENCES && (output.rank() != 3 || output.size(-1) < 2)) {
      throw new GraphException(
          "loss: expected an output (batch, steps, classes) of 2 classes or more for ctc, received "
              + output);
    }
    if (kind == Kind.GROUPS && output.rank() != 2) {
      throw new GraphException(
          "loss: expected an output (batch, numbers) for circle, received " + output);
    }
  }

  /** Whether {@code loss} wants integers and not numbers shaped as the output. */
  static boolean classes(Loss loss) {
    return isWhole(kind(loss));
  }

  private static boolean isWhole(Kind kind) {
    return kind != Kind.NUMBERS && kind != Kind.PARTS;
  }

  private static Kind kind(Loss loss) {
    if (loss instanceof Loss.Reduced reduced) {
      return kind(reduced.loss());
    }
    if (loss instanceof Loss.CTC) {
      return Kind.SEQUENCES;
    }
    if (loss instanceof Loss.Circle) {
      return Kind.GROUPS;
    }
    if (loss instanceof Crossentropy.SparseCategorical
        || loss instanceof Crossentropy.CategoricalGeneralized
        || (loss instanceof Loss.Own own && own.classes())) {
      return Kind.CLASSES;
    }
    return loss instanceof Crossentropy || loss instanceof Loss.Dice || loss instanceof Loss.Tversky
        ? Kind.PARTS
        : Kind.NUMBERS;
  }

  private static OptionalInt ignored(Loss loss) {
    if (loss instanceof Loss.Reduced reduced) {
      return ignored(reduced.loss());
    }
    return loss instanceof Crossentropy.SparseCategorical sparse
        ? sparse.ignoreClass()
        : OptionalInt.empty();
  }

  /** The same of an output of another shape. */
  Targets of(Shape other) {
    return new Targets(kind, ignored, other);
  }

  /** Whether targets are integers, int32, and not numbers shaped as the output. */
  boolean classes() {
    return isWhole(kind);
  }

  /** Whether there are integers that may not stand in targets. */
  boolean limited() {
    return kind != Kind.NUMBERS && kind != Kind.GROUPS;
  }

  /** Whether an integer may stand in targets. */
  boolean allows(int label) {
    return switch (kind) {
      case NUMBERS, GROUPS -> true;
      case PARTS -> label == 0 || label == 1;
      case CLASSES, SEQUENCES ->
          (label >= 0 && label < output.size(-1))
              || (ignored.isPresent() && label == ignored.getAsInt());
    };
  }

  /** The integers that may stand in targets, and what lies between them and the ignored. */
  Range<Integer> range() {
    if (!limited()) {
      return Range.all();
    }
    if (kind == Kind.PARTS) {
      return Range.closed(0, 1);
    }
    Range<Integer> known = Range.closed(0, output.size(-1) - 1);
    return ignored.isPresent() ? known.span(Range.singleton(ignored.getAsInt())) : known;
  }

  /** The integers that may stand in targets, in words. */
  String numbers() {
    return !classes()
        ? "targets from 0 to 1"
        : "class numbers from 0 to "
            + (output.size(-1) - 1)
            + (ignored.isPresent() ? " or " + ignored.getAsInt() : "");
  }

  /** Fails unless a metric gets numbers shaped as the output. */
  void needNumbers(String metric) {
    if (classes()) {
      throw new GraphException(
          "metric '%s': expected a loss with targets shaped as the output, received class numbers;"
                  .formatted(metric)
              + " dataset.oneHot(%d) makes them so, for categoricalCrossentropy()"
                  .formatted(output.size(-1)));
    }
  }

  /** Fails unless a metric gets class numbers. */
  void needClasses(String metric) {
    if (!classes()) {
      throw new GraphException(
          "metric '%s': expected a loss against class numbers, received targets shaped as the output"
              .formatted(metric));
    }
  }

  /** Fails unless a metric is asked of outputs {@code (batch, columns)}. */
  void needRows(String metric) {
    if (output.rank() != 2) {
      throw new GraphException(
          "metric '%s': expected outputs (batch, columns), received %s".formatted(metric, output));
    }
  }

  /** Fails if targets are of one loss alone, which only it and one's own functions can judge. */
  void needCommon(String metric) {
    if (kind == Kind.SEQUENCES || kind == Kind.GROUPS) {
      throw new GraphException(
          "metric '%s': expected a loss whose targets it knows, received %s; beside that, the loss"
                  .formatted(metric, kind == Kind.SEQUENCES ? "ctc" : "circle")
              + " itself and functions of one's own can be metrics");
    }
  }

  /** Fails unless a metric gets the targets that {@code loss} takes. */
  void needThoseOf(String metric, Loss loss) {
    Kind wanted = kind(loss);
    if (kind != wanted) {
      needCommon(metric);
    }
    if (kind != wanted && (wanted == Kind.SEQUENCES || wanted == Kind.GROUPS)) {
      throw new GraphException(
          "metric '%s': expected that loss, whose targets are its own, received another"
              .formatted(metric));
    }
    if (isWhole(wanted)) {
      needClasses(metric);
    } else {
      needNumbers(metric);
    }
  }

  /** What helps with targets that do not fit, in words that end a message; often nothing. */
  String mend(Loss loss, TensorSpec given) {
    if (classes()) {
      boolean rows = matches(output, given.shape().batched());
      if (rows) {
        return loss instanceof Crossentropy.SparseCategorical
            ? "; categoricalCrossentropy() takes such targets"
            : "";
      }
      return accepts(given.shape()) ? "; Samples.labels(...) makes class numbers" : "";
    }
    if (!new Targets(Kind.CLASSES, ignored, output).accepts(given.shape())) {
      return "";
    }
    return "; dataset.oneHot(%d) makes them of class numbers%s"
        .formatted(
            output.size(-1),
            loss instanceof Crossentropy.Categorical
                ? ", which sparseCategoricalCrossentropy() takes as they are"
                : "");
  }

  DataType type() {
    return classes() ? DataType.DT_INT32 : DataType.DT_FLOAT;
  }

  /** The shape in which ops use targets: the output's, for class numbers without its last axis. */
  Shape shape() {
    int[] sizes = output.toArray();
    if (kind == Kind.SEQUENCES) {
      return Shape.of(sizes[0], Shape.UNKNOWN);
    }
    return classes() ? Shape.of(Arrays.copyOf(sizes, sizes.length - 1)) : output;
  }

  /**
   * Whether samples of {@code shape} (without the batch) fit; a last axis of 1 may be there or not.
   */
  boolean accepts(Shape shape) {
    Shape wanted = shape();
    return matches(wanted, shape.batched())
        || (classes() && kind != Kind.SEQUENCES && matches(append(wanted, 1), shape.batched()))
        || (!classes() && wanted.size(-1) == 1 && matches(wanted, append(shape.batched(), 1)));
  }

  private static Shape append(Shape shape, int size) {
    int[] sizes = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    sizes[shape.rank()] = size;
    return Shape.of(sizes);
  }

  static boolean matches(Shape wanted, Shape given) {
    if (wanted.rank() != given.rank()) {
      return false;
    }
    for (int axis = 0; axis < wanted.rank(); axis++) {
      int a = wanted.size(axis);
      int b = given.size(axis);
      if (a != b && a != Shape.UNKNOWN && b != Shape.UNKNOWN) {
        return false;
      }
    }
    return true;
  }
}
