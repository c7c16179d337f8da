package dev.tfgraphs.ops;

import java.util.List;

/**
 * In training, cuts a window out of a batch of images, at one random place for all of them, and
 * {@code (batch, height, width, channels)} becomes {@code (batch, crop height, crop width,
 * channels)}. Images that are not larger than the window in both directions are cut in the middle
 * and resized. Otherwise does nothing: as in Keras 3.15, <b>inference leaves images and their size
 * alone</b>, so that what follows must take both sizes. Keras's source:
 * layers/preprocessing/image_preprocessing/random_crop.py.
 */
public final class RandomCrop extends RandomImageLayer<RandomCrop> {
  static final Settings<RandomCrop> SETTINGS =
      seeded(
          Settings.<RandomCrop>of(
              "RandomCrop", its -> new RandomCrop(Forms.heightAndWidth(its, RandomCrop::size))));

  private final Size size;

  RandomCrop(Size size) {
    this.size = size;
    requirePositive("height and width", size);
  }

  /** {@return height and width of the window} */
  public Size size() {
    return size;
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    require(
        in.size(1) != Shape.UNKNOWN && in.size(2) != Shape.UNKNOWN,
        "an input of known height and width",
        in);
    return in.with(1, size.height()).with(2, size.width());
  }
}
