package dev.tfgraphs.pictures;

import java.awt.Image;
import java.awt.image.BufferedImage;

/** Images in one flat array, as networks take them, made into images that Java can draw. */
public final class PixelImages {

  private final float[] values;
  private final int height;
  private final int width;
  private final int channels;
  private final float black;
  private final float white;

  /**
   * Wraps images without copying them.
   *
   * @param values {@code (count, height, width, channels)}, channels 1 (grey) or 3 (red, green,
   *     blue)
   * @param black the value drawn black; above {@code white} for dark ink on light paper
   * @param white the value drawn white, or fully coloured
   * @throws IllegalArgumentException if the values are no whole images of this size
   */
  public PixelImages(
      float[] values, int height, int width, int channels, float black, float white) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "images: expected 1 channel (grey) or 3 (red, green, blue), received " + channels);
    }
    if (height < 1 || width < 1 || values.length % (height * width * channels) != 0) {
      throw new IllegalArgumentException(
          "images: expected whole images of (%d, %d, %d), received %d values"
              .formatted(height, width, channels, values.length));
    }
    if (!(Math.abs(white - black) > 0)) {
      throw new IllegalArgumentException(
          "images: expected two values for black and white, received " + black + " and " + white);
    }
    this.values = values;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.black = black;
    this.white = white;
  }

  public int count() {
    return values.length / (height * width * channels);
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /**
   * One image, its longer side at most {@code side} pixels: small images are enlarged to crisp
   * squares, large ones averaged.
   */
  public BufferedImage fitted(int index, int side) {
    int longer = Math.max(height, width);
    return longer <= side ? enlarged(index, side / longer) : reduced(index, (double) side / longer);
  }

  private BufferedImage enlarged(int index, int factor) {
    BufferedImage image =
        new BufferedImage(width * factor, height * factor, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, rgb(index, y / factor, x / factor));
      }
    }
    return image;
  }

  private BufferedImage reduced(int index, double scale) {
    int toWidth = Math.max(1, (int) (width * scale));
    int toHeight = Math.max(1, (int) (height * scale));
    Image averaged =
        enlarged(index, 1).getScaledInstance(toWidth, toHeight, Image.SCALE_AREA_AVERAGING);
    BufferedImage image = new BufferedImage(toWidth, toHeight, BufferedImage.TYPE_INT_RGB);
    image.createGraphics().drawImage(averaged, 0, 0, null);
    return image;
  }

  private int rgb(int index, int y, int x) {
    int at = ((index * height + y) * width + x) * channels;
    int red = level(values[at]);
    return channels == 1
        ? red << 16 | red << 8 | red
        : red << 16 | level(values[at + 1]) << 8 | level(values[at + 2]);
  }

  private int level(float value) {
    float part = (value - black) / (white - black);
    return Math.round(255 * Math.min(1, Math.max(0, part)));
  }
}
