package dev.tfgraphs.ops;

import java.util.List;

/**
 * The largest or the mean of each channel: {@code (batch, height, width, channels)} becomes {@code
 * (batch, channels)}, or {@code (batch, 1, 1, channels)} with {@link #keepDims}. Keras's source:
 * layers/pooling.
 */
public final class GlobalPooling2D extends Layer {
  static Settings<GlobalPooling2D> settings(Pooling2D.Kind kind) {
    return Forms.channelsLast(
            Settings.<GlobalPooling2D>of(
                new GlobalPooling2D(kind).className(), its -> new GlobalPooling2D(kind)))
        .with("keepdims", Form.FLAG, GlobalPooling2D::keepDims, GlobalPooling2D::keepDims);
  }

  private final Pooling2D.Kind kind;
  private boolean keepDims;

  GlobalPooling2D(Pooling2D.Kind kind) {
    this.kind = kind;
  }

  /** {@return what is taken of a channel} */
  public Pooling2D.Kind kind() {
    return kind;
  }

  /** {@return whether height and width stay, as 1; by default they go} */
  public boolean keepDims() {
    return keepDims;
  }

  /** {@return this layer with height and width kept as 1, or not} */
  public GlobalPooling2D keepDims(boolean keepDims) {
    return copy(this, copy -> copy.keepDims = keepDims);
  }

  @Override
  public GlobalPooling2D name(String name) {
    return named(this, name);
  }

  /** {@return {@code GlobalMaxPooling2D} or {@code GlobalAveragePooling2D}} */
  @Override
  public String className() {
    return kind == Pooling2D.Kind.MAX ? "GlobalMaxPooling2D" : "GlobalAveragePooling2D";
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    return keepDims ? in.with(1, 1).with(2, 1) : Shape.of(in.size(0), in.size(-1));
  }
}
