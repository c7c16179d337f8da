package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.BrokenImage;
import dev.tfgraphs.graphs.data.Cifar10;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.graphs.data.Split;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.pictures.PixelImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a network learns from and is judged by.
 *
 * @param kind where it comes from
 * @param location as {@code --data} takes it
 * @param training to learn from
 * @param test to judge by
 * @param classNames by label
 */
record DataSource(
    Kind kind, String location, Dataset training, Dataset test, ImmutableList<String> classNames) {

  /** Which part of a folder of images is held out. */
  static final double HELD_OUT = 0.2;

  /** The kinds of data, and what suits each. */
  enum Kind {
    DIGITS("digits", Digits.INK, 0, Digits.INK, new Defaults(10, 16, 0.002)),
    CIFAR_10("CIFAR-10", 0, 255, 255, new Defaults(20, 64, 0.003)),
    FOLDER("images", 0, 255, 255, new Defaults(20, 32, 0.001));

    private final String title;
    private final float black;
    private final float white;
    private final int most;
    private final Defaults defaults;

    Kind(String title, float black, float white, int most, Defaults defaults) {
      this.title = title;
      this.black = black;
      this.white = white;
      this.most = most;
      this.defaults = defaults;
    }

    String title() {
      return title;
    }

    /** The largest value of a pixel; the least is 0. */
    int most() {
      return most;
    }

    Defaults defaults() {
      return defaults;
    }

    /** Images of this kind {@code (count, height, width, channels)}, to be drawn. */
    PixelImages pictures(HostTensor images) {
      Shape shape = images.shape();
      return new PixelImages(
          images.values(), shape.size(1), shape.size(2), shape.size(3), black, white);
    }
  }

  /** How data of one kind are trained on when nobody says otherwise; the rate is Adam's. */
  @Immutable
  record Defaults(int epochs, int batchSize, double learningRate) {}

  /**
   * The kind of {@code data}.
   *
   * @throws CommandException if this is neither {@code digits} nor a folder
   */
  static Kind kindOf(String data) {
    if (data.equals("digits")) {
      return Kind.DIGITS;
    }
    Path folder = Path.of(data);
    if (data.isEmpty() || !Files.isDirectory(folder)) {
      throw new CommandException(
          "--data: expected 'digits', a CIFAR-10 folder or a folder of class folders, received '"
              + data
              + "', which is "
              + (data.isEmpty() || Files.notExists(folder) ? "not there" : "no folder"));
    }
    return isCifar10(folder) ? Kind.CIFAR_10 : Kind.FOLDER;
  }

  /**
   * By the names of the binary version and of the Python version, which is then refused by name.
   */
  private static boolean isCifar10(Path folder) {
    return Stream.of("data_batch_1.bin", "test_batch.bin", "data_batch_1")
        .anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
  }

  /** The digits that come with the program. */
  static DataSource digits() {
    return new DataSource(
        Kind.DIGITS,
        "digits",
        Digits.train().dataset(),
        Digits.test().dataset(),
        Digits.classNames());
  }

  /** CIFAR-10 in its binary version. */
  static DataSource cifar10(Path folder) {
    return new DataSource(
        Kind.CIFAR_10,
        folder.toString(),
        Cifar10.train(folder),
        Cifar10.test(folder),
        Cifar10.classNames());
  }

  /** A folder's images as they are learned from and predicted for: photographs upright. */
  static Images images(Path folder, int height, int width) {
    return Images.folder(folder, height, width).upright();
  }

  /**
   * Those of a folder's images that can be decoded, photographs upright.
   *
   * @param side of the square that every image is resized to
   * @param broken takes the others
   */
  static Images images(Path folder, int side, Consumer<BrokenImage> broken) {
    return Images.folder(folder, side, side, broken).upright();
  }

  /**
   * Images of a folder that has a subfolder for each class, a fifth of them held out.
   *
   * @param side of the square that every image is resized to
   * @param seed decides which are held out
   */
  static DataSource folder(Path folder, int side, long seed) {
    return split(folder, images(folder, side, side), HELD_OUT, seed);
  }

  /**
   * Images of a folder that has a subfolder for each class, a part of them held out.
   *
   * @param heldOut how large a part
   * @param seed decides which are held out
   */
  static DataSource split(Path folder, Images images, double heldOut, long seed) {
    Split split = images.split(heldOut, seed);
    return new DataSource(
        Kind.FOLDER, folder.toString(), split.training(), split.validation(), images.classNames());
  }

  /**
   * Sees that a network has something to learn from the class folders of {@code folder}.
   *
   * @throws CommandException if there is a single class, one without images, or what 'train' wrote
   */
  static void checkFolder(Path folder) {
    checkIsNoRun(folder);
    checkClasses(folder, Images.folder(folder, 1, 1));
  }

  /**
   * Sees that {@code folder} is not what a training wrote.
   *
   * @throws CommandException if it is
   */
  static void checkIsNoRun(Path folder) {
    if (RunFolder.isRun(folder)) {
      throw new CommandException(
          "--data: expected images of a class in every subfolder, received "
              + folder
              + ", which 'train' wrote");
    }
  }

  /**
   * Sees that there is something to learn from the images of {@code folder}.
   *
   * @throws CommandException if there is a single class, one without images, or a run in one
   */
  static void checkClasses(Path folder, Images images) {
    if (images.classNames().size() == 1) {
      throw oneClass(folder, folder.resolve(images.classNames().get(0)));
    }
    Set<String> filled =
        images.paths().stream()
            .map(path -> folder.relativize(path).getName(0).toString())
            .collect(Collectors.toSet());
    for (String name : images.classNames()) {
      Path classFolder = folder.resolve(name);
      if (RunFolder.lastRun(classFolder).isPresent()) {
        throw new CommandException(
            "--data: expected images of a class in every subfolder, received "
                + classFolder
                + ", which holds what 'train' wrote; move it out of "
                + folder);
      }
      if (!filled.contains(name)) {
        throw new CommandException(
            "--data: expected images of a class in every subfolder, received "
                + classFolder
                + ", which holds none; fill or delete it");
      }
    }
  }

  private static CommandException oneClass(Path folder, Path only) {
    boolean deeper;
    try (Stream<Path> entries = Files.list(only)) {
      deeper = entries.anyMatch(Files::isDirectory);
    } catch (IOException e) {
      deeper = false; // only a hint hangs on it
    }
    return new CommandException(
        "--data: expected two or more class folders in %s, received one, %s%s"
            .formatted(
                folder,
                only,
                deeper ? "; if the classes are its subfolders, name it instead" : ""));
  }

  /** The first samples of each part only. */
  DataSource limited(long samples) {
    return new DataSource(kind, location, training.take(samples), test.take(samples), classNames);
  }

  /** For titles: the kind of data or, of a folder, where it is. */
  String title() {
    return kind == Kind.FOLDER ? location : kind.title();
  }

  /** For the settings of a run. */
  ImmutableMap<String, Object> described() {
    return ImmutableMap.of(
        "kind", kind.title(),
        "training_samples", training.samples(),
        "test_samples", test.samples(),
        "classes", classNames);
  }

  /** The shape of one image, {@code (height, width, channels)}. */
  Shape image() {
    return training.inputs().get(0).shape();
  }
}
