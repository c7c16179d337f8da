package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Images, arrays and folders of images for a model to look at, read in the given order, one part
 * after the other. What cannot be read is told and left out.
 */
final class Inputs {
  private static final int TOGETHER = 32;

  /**
   * What was read together.
   *
   * @param names what to call each sample
   * @param images {@code (count, height, width, channels)}
   */
  record Part(List<String> names, HostTensor images) {}

  private final ModelInput input;
  private final Consumer<Part> each;
  private final Consumer<String> say;
  private int problems;

  /**
   * Inputs of a model.
   *
   * @param each takes what was read
   * @param say takes, in a line, what could not be read and why, or is doubtful
   */
  Inputs(ModelInput input, Consumer<Part> each, Consumer<String> say) {
    this.input = input;
    this.each = each;
    this.say = say;
  }

  /**
   * Sees that all images of a folder can be decoded.
   *
   * @param say takes, each in a line, what cannot be and why
   * @throws CommandException if there is such
   */
  static void check(Path folder, Consumer<String> say) {
    Inputs all = new Inputs(new ModelInput(ModelInput.IMAGES, Shape.of(1, 1, 3)), part -> {}, say);
    List<Path> images = Images.paths(folder);
    all.read(images);
    if (all.problems() > 0) {
      throw new CommandException(
          "--data: expected images that can be decoded, received "
              + all.problems()
              + " of "
              + images.size()
              + " that cannot; mend or delete "
              + (all.problems() == 1 ? "it" : "them"));
    }
  }

  /** Whether a failure is that of one image, of which there may be more. */
  static boolean isOfImage(GraphException e) {
    return String.valueOf(e.getMessage()).startsWith("image ");
  }

  static boolean isArray(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy") || Npz.isNpz(file);
  }

  /** How many files and folders could not be read. */
  int problems() {
    return problems;
  }

  /** Reads it all; of folders the images in them and below. */
  void read(List<Path> inputs) {
    List<Path> images = new ArrayList<>();
    for (Path path : inputs) {
      if (Files.isDirectory(path)) {
        images.addAll(imagesIn(path));
      } else if (isArray(path)) {
        readImages(images);
        images.clear();
        readArray(path);
      } else {
        images.add(path);
      }
    }
    readImages(images);
  }

  private List<Path> imagesIn(Path folder) {
    try {
      return Images.paths(folder);
    } catch (GraphException e) {
      tell(e);
      return List.of();
    }
  }

  private void readArray(Path file) {
    try {
      HostTensor array = input.batch(file, ArrayData.samples(file).toHost());
      String doubt = input.doubt(array);
      if (!doubt.isEmpty()) {
        say.accept("Note: array " + file + " " + doubt + ".");
      }
      int count = Tensors.count(array);
      each.accept(
          new Part(IntStream.range(0, count).mapToObj(i -> file + "[" + i + "]").toList(), array));
    } catch (CommandException e) {
      tell(e);
    }
  }

  private void readImages(List<Path> files) {
    for (int from = 0; from < files.size(); from += TOGETHER) {
      readTogether(files.subList(from, Math.min(from + TOGETHER, files.size())));
    }
  }

  /** One image that cannot be read spoils all that are read with it: halves find it soon. */
  private void readTogether(List<Path> files) {
    HostTensor images;
    try {
      images = input.read(files);
    } catch (GraphException e) {
      if (files.size() == 1) {
        tell(e);
      } else {
        int half = files.size() / 2;
        readTogether(files.subList(0, half));
        readTogether(files.subList(half, files.size()));
      }
      return;
    }
    each.accept(new Part(files.stream().map(Path::toString).toList(), images));
  }

  private void tell(RuntimeException e) {
    problems++;
    say.accept(String.valueOf(e.getMessage()));
  }
}
