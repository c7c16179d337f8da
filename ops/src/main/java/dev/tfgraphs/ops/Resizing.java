package dev.tfgraphs.ops;

import java.util.List;

/**
 * Resizes images: {@code (batch, height, width, channels)} becomes {@code (batch, new height, new
 * width, channels)}. Keras's source: layers/preprocessing/image_preprocessing/resizing.py.
 */
public final class Resizing extends Layer {
  static final Settings<Resizing> SETTINGS =
      Forms.channelsLast(
              Settings.<Resizing>of(
                  "Resizing", its -> new Resizing(Forms.heightAndWidth(its, Resizing::size))))
          .with(
              "interpolation",
              Forms.INTERPOLATION,
              Resizing::interpolation,
              Resizing::interpolation)
          .with(
              "crop_to_aspect_ratio",
              Form.FLAG,
              Resizing::cropToAspectRatio,
              Resizing::cropToAspectRatio)
          .with(
              "pad_to_aspect_ratio",
              Form.FLAG,
              Resizing::padToAspectRatio,
              Resizing::padToAspectRatio)
          .fixed("fill_mode", "constant")
          .with("fill_value", Form.NUMBER, Resizing::fillValue, Resizing::fillValue)
          .with("antialias", Form.FLAG, Resizing::antialias, Resizing::antialias);

  private final Size size;
  private Interpolation interpolation = Interpolation.BILINEAR;
  private boolean antialias;
  private boolean cropToAspectRatio;
  private boolean padToAspectRatio;
  private double fillValue;

  Resizing(Size size) {
    this.size = size;
    requirePositive("height and width", size);
  }

  @Override
  void check() {
    require(
        !(cropToAspectRatio && padToAspectRatio),
        "images that are cropped or padded to the aspect ratio",
        "both");
    require(Double.isFinite(fillValue), "a finite fill value", fillValue);
  }

  /** {@return the new height and width} */
  public Size size() {
    return size;
  }

  /** {@return how new pixels get their values; by default bilinear} */
  public Interpolation interpolation() {
    return interpolation;
  }

  /** {@return this layer with another way to new pixels} */
  public Resizing interpolation(Interpolation interpolation) {
    return copy(this, copy -> copy.interpolation = interpolation);
  }

  /**
   * {@return whether smaller images are made of all pixels, which takes the steps out of lines; by
   * default not. As in Keras, nearest and area go without}
   */
  public boolean antialias() {
    return antialias;
  }

  /** {@return this layer with smaller images made of all pixels, or not} */
  public Resizing antialias(boolean antialias) {
    return copy(this, copy -> copy.antialias = antialias);
  }

  /**
   * {@return whether only the largest part in the middle that has the new aspect ratio is kept; by
   * default not}
   */
  public boolean cropToAspectRatio() {
    return cropToAspectRatio;
  }

  /**
   * {@return this layer with images cropped to the new aspect ratio first, or not}
   *
   * @throws ModelException if they are padded as well
   */
  public Resizing cropToAspectRatio(boolean crop) {
    return copy(this, copy -> copy.cropToAspectRatio = crop);
  }

  /** {@return whether images get margins until they have the new aspect ratio; by default not} */
  public boolean padToAspectRatio() {
    return padToAspectRatio;
  }

  /**
   * {@return this layer with images padded to the new aspect ratio first, or not}
   *
   * @throws ModelException if they are cropped as well
   */
  public Resizing padToAspectRatio(boolean pad) {
    return copy(this, copy -> copy.padToAspectRatio = pad);
  }

  /** {@return what margins are filled with; by default 0} */
  public double fillValue() {
    return fillValue;
  }

  /**
   * {@return this layer with margins of another value}
   *
   * @throws ModelException if it is not finite
   */
  public Resizing fillValue(double fillValue) {
    return copy(this, copy -> copy.fillValue = fillValue);
  }

  @Override
  public Resizing name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return image(inputs).with(1, size.height()).with(2, size.width());
  }
}
