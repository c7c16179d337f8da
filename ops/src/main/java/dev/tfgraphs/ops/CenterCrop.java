package dev.tfgraphs.ops;

import java.util.List;

/**
 * Keeps the middle of images: {@code (batch, height, width, channels)} becomes {@code (batch, crop
 * height, crop width, channels)}. Of smaller images it keeps the largest part of the same aspect
 * ratio, resized. Keras's source: layers/preprocessing/image_preprocessing/center_crop.py.
 */
public final class CenterCrop extends Layer {
  static final Settings<CenterCrop> SETTINGS =
      Forms.channelsLast(
          Settings.<CenterCrop>of(
              "CenterCrop", its -> new CenterCrop(Forms.heightAndWidth(its, CenterCrop::size))));

  private final Size size;

  CenterCrop(Size size) {
    this.size = size;
    requirePositive("height and width", size);
  }

  /** {@return height and width of what is kept} */
  public Size size() {
    return size;
  }

  @Override
  public CenterCrop name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return image(inputs).with(1, size.height()).with(2, size.width());
  }
}
