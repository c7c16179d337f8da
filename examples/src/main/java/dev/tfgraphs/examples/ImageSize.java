package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Interpolation.BILINEAR;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.rescaling;
import static dev.tfgraphs.ops.Layers.upSampling2D;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** How large the images are that a network sees, and how they come to be so. */
final class ImageSize {
  static final int SMALL = 32;
  static final int LARGEST = 224;
  private static final int LOOKED_AT = 100;

  private ImageSize() {}

  /** The side of the largest of the first images of a folder, but 224 at most. */
  static int suggestedBy(Path folder) {
    ImmutableList<Path> files = Images.folder(folder, 1, 1).paths();
    return files.stream()
        .limit(LOOKED_AT)
        .map(ImageSize::longerSide)
        .flatMap(side -> side.isPresent() ? Stream.of(side.getAsInt()) : Stream.of(LARGEST))
        .map(side -> Math.min(side, LARGEST))
        .max(Integer::compare)
        .orElse(LARGEST);
  }

  private static OptionalInt longerSide(Path file) {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return OptionalInt.empty();
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        return OptionalInt.of(Math.max(reader.getWidth(0), reader.getHeight(0)));
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  /** Where images of this kind enter, by the name that {@link ModelInput} knows them by. */
  static Node entry(DataSource.Kind kind, Shape image) {
    String name = kind == DataSource.Kind.DIGITS ? ModelInput.DIGITS : ModelInput.IMAGES;
    return input(name, image.toArray());
  }

  /**
   * Pixels from 0 to 1 in squares of {@code side}.
   *
   * @throws CommandException if {@code side} is no multiple of the image's own
   */
  static Node prepared(Node images, DataSource.Kind kind, int side) {
    Node scaled = images.to(rescaling(1.0 / kind.most()));
    int own = images.shape().size(1);
    if (side % own != 0) {
      throw new CommandException(
          "--image-size: expected a multiple of "
              + own
              + ", the size of the "
              + kind.title()
              + ", received "
              + side);
    }
    return side == own ? scaled : scaled.to(upSampling2D(side / own).interpolation(BILINEAR));
  }

  /** For messages: {@code 8 x 8 grey}. */
  static String described(Shape image) {
    List<Integer> sizes = List.of(image.size(0), image.size(1));
    return sizes.get(0) + " x " + sizes.get(1) + (image.size(2) == 1 ? " grey" : " colour");
  }
}
