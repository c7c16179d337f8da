package dev.tfgraphs.ops;

import java.util.List;

/**
 * Widens images by whole factors: {@code (batch, height, width, channels)} becomes {@code (batch,
 * height * factor, width * factor, channels)}. Keras's source: layers/reshaping/up_sampling2d.py.
 */
public final class UpSampling2D extends Layer {
  static final Settings<UpSampling2D> SETTINGS =
      Forms.channelsLast(
              Settings.<UpSampling2D>of(
                  "UpSampling2D",
                  its ->
                      new UpSampling2D(
                          its.with("size", Forms.SIZE, UpSampling2D::size, Size.square(2)))))
          .with(
              "interpolation",
              Forms.INTERPOLATION,
              UpSampling2D::interpolation,
              UpSampling2D::interpolation);

  private final Size size;
  private Interpolation interpolation = Interpolation.NEAREST;

  UpSampling2D(Size size) {
    this.size = size;
    requirePositive("factors", size);
  }

  /** {@return by how much height and width grow} */
  public Size size() {
    return size;
  }

  /** {@return how new pixels get their values; by default the nearest is repeated} */
  public Interpolation interpolation() {
    return interpolation;
  }

  /**
   * {@return this layer with another way to new pixels}
   *
   * @throws ModelException if neither nearest nor bilinear
   */
  public UpSampling2D interpolation(Interpolation interpolation) {
    requireNearby(interpolation);
    return copy(this, copy -> copy.interpolation = interpolation);
  }

  @Override
  public UpSampling2D name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    return in.with(1, times(in.size(1), size.height())).with(2, times(in.size(2), size.width()));
  }

  private int times(int side, int factor) {
    return side == Shape.UNKNOWN ? side : sized((long) side * factor);
  }
}
