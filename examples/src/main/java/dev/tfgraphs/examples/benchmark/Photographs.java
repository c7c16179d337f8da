package dev.tfgraphs.examples.benchmark;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Folders of JPEGs that take as long to be decoded as photographs do. */
final class Photographs {
  /** Noise of each of these sizes, drawn over one another: details and large areas. */
  private static final int[] GRAINS = {4, 16, 64, 256};

  private static final int FINEST = 40;

  private Photographs() {}

  /**
   * A new folder of so many images, which is deleted when the process ends.
   *
   * @param size what they are to be resized to; they are up to a quarter larger, and not square
   * @param classes subfolders, as far as there are images for them
   */
  static Path folder(int count, int size, int classes) {
    Random random = new Random(0);
    try {
      Path folder = passing(Files.createTempDirectory("tfgraphs-photographs"));
      for (int i = 0; i < count; i++) {
        Path subfolder = folder.resolve("class%04d".formatted(i % classes));
        if (i < classes) {
          passing(Files.createDirectory(subfolder));
        }
        int width = size + random.nextInt(1 + size / 4);
        int height = size + random.nextInt(1 + size / 4);
        Path file = passing(subfolder.resolve("image%05d.jpg".formatted(i)));
        ImageIO.write(image(random, width, height), "jpg", file.toFile());
      }
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException("benchmark: expected a folder for temporary files", failure);
    }
  }

  /** What was made last is deleted first, so that folders are empty by then. */
  private static Path passing(Path path) {
    path.toFile().deleteOnExit();
    return path;
  }

  private static BufferedImage image(Random random, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    for (int grain : GRAINS) {
      // the finer the fainter, as in photographs
      int opaque = grain == GRAINS[0] ? 255 : FINEST + 2560 / grain;
      g.drawImage(noise(random, grain, opaque), 0, 0, width, height, null);
    }
    g.dispose();
    return image;
  }

  private static BufferedImage noise(Random random, int size, int opaque) {
    BufferedImage noise = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        noise.setRGB(x, y, opaque << 24 | random.nextInt(1 << 24));
      }
    }
    return noise;
  }
}
