package dev.tfgraphs.pictures;

import java.awt.image.BufferedImage;

/**
 * Numbers {@code (height, width)} as squares of colour. What is no finite number is grey with
 * diagonal lines.
 */
record Raster(Numbers numbers, int height, int width) {
  /** Lines have this distance, in pixels. */
  private static final int HATCH = 6;

  private static final int HATCH_INK = 0x303030;

  /** A number by its place. */
  interface Numbers {
    float at(int row, int column);
  }

  /** The channel of an image {@code (height, width, channels)}. */
  static Raster ofChannel(float[] values, int height, int width, int channels, int channel) {
    return new Raster(
        (row, column) -> values[(row * width + column) * channels + channel], height, width);
  }

  /** All numbers, row by row. */
  float[] values() {
    float[] values = new float[height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.at(i / width, i % width);
    }
    return values;
  }

  /** How many pixels a number takes where the longer side shall have about so many in all. */
  static int factor(int height, int width, int wished) {
    return Math.max(1, Math.round((float) wished / Math.max(height, width)));
  }

  /** Means of blocks, so that the longer side has at most so many. */
  Raster reduced(int most) {
    int block = (Math.max(height, width) + most - 1) / most;
    if (block <= 1) {
      return this;
    }
    int rows = (height + block - 1) / block;
    int columns = (width + block - 1) / block;
    float[] means = new float[rows * columns];
    for (int i = 0; i < means.length; i++) {
      means[i] = mean(i / columns * block, i % columns * block, block);
    }
    return ofChannel(means, rows, columns, 1, 0);
  }

  private float mean(int row, int column, int block) {
    double sum = 0;
    int count = 0;
    for (int y = row; y < Math.min(height, row + block); y++) {
      for (int x = column; x < Math.min(width, column + block); x++) {
        sum += numbers.at(y, x);
        count++;
      }
    }
    return (float) (sum / count);
  }

  /** An image in which each number has so many pixels in each direction. */
  BufferedImage image(Colormap colours, ColourScale scale, int factor) {
    BufferedImage image =
        new BufferedImage(width * factor, height * factor, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        double part = scale.part(numbers.at(y / factor, x / factor));
        image.setRGB(x, y, colour(colours, part, x, y));
      }
    }
    return image;
  }

  /** The colour of a pixel. */
  static int colour(Colormap colours, double part, int x, int y) {
    return Double.isNaN(part) && (x + y) % HATCH < 2 ? HATCH_INK : colours.rgb(part);
  }

  /** How many are no finite numbers. */
  static long notFinite(float[] values) {
    long count = 0;
    for (float value : values) {
      count += Float.isFinite(value) ? 0 : 1;
    }
    return count;
  }
}
