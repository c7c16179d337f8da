package dev.tfgraphs.ops;

import com.google.common.math.LongMath;
import java.util.List;

/**
 * Everything behind the batch in one row: {@code (batch, height, width, channels)} becomes {@code
 * (batch, n)}.
 */
public final class Flatten extends Layer {
  static final Settings<Flatten> SETTINGS =
      Forms.channelsLast(Settings.<Flatten>of("Flatten", its -> new Flatten()));

  Flatten() {}

  @Override
  public Flatten name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = only(inputs);
    require(in.rank() >= 1, "an input with a batch", in);
    long size = 1;
    for (int axis = 1; axis < in.rank(); axis++) {
      boolean unknown = size < 0 || in.size(axis) == Shape.UNKNOWN;
      size = unknown ? Shape.UNKNOWN : LongMath.saturatedMultiply(size, in.size(axis));
    }
    return Shape.of(in.size(0), sized(size));
  }
}
