package dev.tfgraphs.ops;

import java.util.List;
import java.util.Optional;

/**
 * The largest or the mean of each window: {@code (batch, height, width, channels)} becomes {@code
 * (batch, height', width', channels)}. With {@link Padding#SAME} only real pixels count. Keras's
 * source: layers/pooling.
 */
public final class Pooling2D extends Layer {
  /** What is taken of a window. */
  public enum Kind {
    /** The largest. */
    MAX,
    /** The mean. */
    AVERAGE
  }

  static Settings<Pooling2D> settings(Kind kind) {
    return Forms.channelsLast(
        Settings.<Pooling2D>of(
                new Pooling2D(kind, Size.square(2)).className(),
                its ->
                    new Pooling2D(
                        kind,
                        its.with("pool_size", Forms.SIZE, Pooling2D::poolSize, Size.square(2))))
            .with("padding", Forms.PADDING, Pooling2D::padding, Pooling2D::padding)
            .optional(
                "strides",
                Forms.SIZE,
                its -> Optional.of(its.strides()),
                (layer, size) -> layer.strides(size.height(), size.width())));
  }

  private final Kind kind;
  private final Size poolSize;
  private Optional<Size> strides = Optional.empty();
  private Padding padding = Padding.VALID;

  Pooling2D(Kind kind, Size poolSize) {
    this.kind = kind;
    this.poolSize = poolSize;
    requirePositive("pool size", poolSize);
  }

  @Override
  void check() {
    requirePositive("strides", strides());
  }

  /** {@return what is taken of a window} */
  public Kind kind() {
    return kind;
  }

  /** {@return height and width of the window} */
  public Size poolSize() {
    return poolSize;
  }

  /** {@return how far the window moves; by default its own size} */
  public Size strides() {
    return strides.orElse(poolSize);
  }

  /** {@return this layer with a window that moves {@code stride} pixels down and across} */
  public Pooling2D strides(int stride) {
    return strides(stride, stride);
  }

  /**
   * {@return this layer with a window that moves {@code height} pixels down and {@code width}
   * across}
   */
  public Pooling2D strides(int height, int width) {
    return copy(this, copy -> copy.strides = Optional.of(new Size(height, width)));
  }

  /** {@return what happens at the border; by default {@link Padding#VALID}} */
  public Padding padding() {
    return padding;
  }

  /** {@return this layer with other padding} */
  public Pooling2D padding(Padding padding) {
    return copy(this, copy -> copy.padding = padding);
  }

  @Override
  public Pooling2D name(String name) {
    return named(this, name);
  }

  /** {@return {@code MaxPooling2D} or {@code AveragePooling2D}} */
  @Override
  public String className() {
    return kind == Kind.MAX ? "MaxPooling2D" : "AveragePooling2D";
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    Shape out = in.slid(poolSize, strides(), padding);
    require(!out.hasEmptySide(), "an input that the window " + poolSize + " fits in", in);
    return out;
  }
}
