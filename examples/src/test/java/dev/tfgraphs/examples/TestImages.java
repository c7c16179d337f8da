package dev.tfgraphs.examples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Makes the data that commands are given. */
final class TestImages {
  private static final int RECORD = 3073;

  private TestImages() {}

  /** A folder with two classes of {@code count} noisy images each, dark ones and light ones. */
  static Path folder(Path place, int count) throws IOException {
    for (String name : new String[] {"dark", "light"}) {
      Path files = Files.createDirectories(place.resolve(name));
      for (int i = 0; i < count; i++) {
        write(files.resolve(i + ".png"), 20, name.equals("dark") ? 30 : 200, i);
      }
    }
    return place;
  }

  private static void write(Path file, int side, int base, long seed) throws IOException {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < side * side; i++) {
      int grey = base + random.nextInt(50);
      image.setRGB(i % side, i / side, grey << 16 | grey << 8 | grey);
    }
    ImageIO.write(image, "png", file.toFile());
  }

  /** A folder as CIFAR-10's, of {@code count} random images in each file. */
  static Path cifar10(Path place, int count) throws IOException {
    Random random = new Random(0);
    Files.createDirectories(place);
    for (int file = 1; file <= 5; file++) {
      Files.write(place.resolve("data_batch_" + file + ".bin"), records(random, count));
    }
    Files.write(place.resolve("test_batch.bin"), records(random, count));
    return place;
  }

  private static byte[] records(Random random, int count) {
    byte[] bytes = new byte[count * RECORD];
    random.nextBytes(bytes);
    for (int i = 0; i < count; i++) {
      bytes[i * RECORD] = (byte) (i % 10);
    }
    return bytes;
  }
}
