package dev.tfgraphs.examples;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/**
 * Lays drawings with transparent parts on paper: TensorFlow's decoders forget what is transparent,
 * and what is stored there is most often black. White paper, or black for what is light.
 */
final class Paper implements AutoCloseable {
  private final List<Path> folders = new ArrayList<>();

  /** The files in their order, each with transparent parts replaced by one without. */
  List<Path> under(List<Path> files) {
    List<Path> laid = new ArrayList<>();
    for (Path file : files) {
      laid.add(transparent(file).map(this::written).orElse(file));
    }
    return laid;
  }

  private static Optional<BufferedImage> transparent(Path file) {
    try {
      return Optional.ofNullable(ImageIO.read(file.toFile()))
          .filter(image -> image.getColorModel().hasAlpha());
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // TensorFlow says what is wrong with it, or reads it
    }
  }

  private Path written(BufferedImage drawing) {
    BufferedImage image =
        new BufferedImage(drawing.getWidth(), drawing.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(isLight(drawing) ? Color.BLACK : Color.WHITE);
    g.fillRect(0, 0, image.getWidth(), image.getHeight());
    g.drawImage(drawing, 0, 0, null);
    g.dispose();
    try {
      Path folder = Files.createTempDirectory("tfgraphs");
      folders.add(folder);
      Path file = folder.resolve("image.png");
      ImageIO.write(image, "png", file.toFile());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether what can be seen of it is lighter than a middle grey. */
  private static boolean isLight(BufferedImage drawing) {
    double above = 0;
    for (int y = 0; y < drawing.getHeight(); y++) {
      for (int x = 0; x < drawing.getWidth(); x++) {
        Color colour = new Color(drawing.getRGB(x, y), true);
        double grey = (colour.getRed() + colour.getGreen() + colour.getBlue()) / 3.0;
        above += colour.getAlpha() * (grey - 127.5);
      }
    }
    return above > 0;
  }

  @Override
  public void close() {
    for (Path folder : folders) {
      try {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      } catch (IOException e) {
        // the system clears its folder for such files
      }
    }
  }
}
