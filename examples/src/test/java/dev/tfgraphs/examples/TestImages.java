package dev.tfgraphs.examples;

import com.google.common.primitives.Bytes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.ImageIO;

/** Makes the data that commands are given. */
public final class TestImages {
  private static final int RECORD = 3073;

  private static final String CMYK_BAR =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYG"
          + "BgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EAB8A"
          + "AAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUS"
          + "ITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElK"
          + "U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4"
          + "ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD9"
          + "/K/fyv38r9ff2N/+Tiv2sf8As4DTf/VeeDa//9k=";

  /** A segment of a JPEG: EXIF with the orientation 6 alone. */
  private static final String EXIF_OF_LEFT =
      "ffe100224578696600004d4d002a00000008" + "000101120003000000010006000000000000";

  private TestImages() {}

  /** A folder with two classes of {@code count} noisy images each, dark ones and light ones. */
  public static Path folder(Path place, int count) throws IOException {
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

  /** A JPEG of 8 x 8 in CMYK, white but for a black third column; Pillow wrote it. */
  static byte[] cmykBar() {
    return Base64.getDecoder().decode(CMYK_BAR);
  }

  /** That JPEG as of a camera that lay on its left side, so that upright the third row is black. */
  static byte[] lyingBar() {
    byte[] jpeg = cmykBar();
    byte[] exif = HexFormat.of().parseHex(EXIF_OF_LEFT);
    return Bytes.concat(Arrays.copyOf(jpeg, 2), exif, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** A folder as CIFAR-10's, of {@code count} random images in each file. */
  public static Path cifar10(Path place, int count) throws IOException {
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
