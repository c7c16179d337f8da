package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds image files and sees whether they look like images. */
final class ImageFiles {

  private static final ImmutableList<String> ENDINGS =
      ImmutableList.of(".bmp", ".gif", ".jpeg", ".jpg", ".png");

  private static final String JPEG = "\u00ff\u00d8\u00ff";

  private static final ImmutableList<String> MAGIC =
      ImmutableList.of("BM", "GIF8", JPEG, "\u0089PNG\r\n\u001a\n");

  /** Python's order of strings: by code point, where Java's is by UTF-16 unit. */
  private static final Comparator<String> PYTHON =
      Comparator.comparing(text -> text.codePoints().toArray(), Arrays::compare);

  private ImageFiles() {}

  /** {@return the names of the subfolders, one or more, sorted; hidden ones left out} */
  static ImmutableList<String> classNames(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new GraphException(
          "images: expected a folder at " + folder + ", received " + kind(folder));
    }
    List<String> names = new ArrayList<>();
    boolean images = false;
    for (Path entry : entries(folder)) {
      String name = name(entry);
      images |= isImage(name);
      if (Files.isDirectory(entry) && !name.startsWith(".")) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw new GraphException(
          "images: expected a subfolder for each class in %s, received %s"
              .formatted(folder, images ? "images without subfolders" : "none"));
    }
    names.sort(PYTHON);
    return ImmutableList.copyOf(names);
  }

  private static String kind(Path path) {
    return Files.exists(path) ? "a file" : "nothing";
  }

  /** {@return the images in {@code folder} and below, by folder and then by name, as Keras does} */
  static List<Path> list(Path folder) {
    List<Path> found = new ArrayList<>();
    collect(folder, found);
    found.sort(
        Comparator.comparing((Path path) -> String.valueOf(path.getParent()), PYTHON)
            .thenComparing(ImageFiles::name, PYTHON));
    return found;
  }

  private static void collect(Path folder, List<Path> found) {
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        collect(entry, found);
      } else if (isImage(name(entry)) && !Files.isDirectory(entry)) {
        found.add(entry);
      }
    }
  }

  private static List<Path> entries(Path folder) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      return ImmutableList.copyOf(stream);
    } catch (IOException e) {
      throw new GraphException("images: expected a folder that can be read at " + folder, e);
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static boolean isImage(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(lower::endsWith);
  }

  /**
   * Reads the first bytes of each file.
   *
   * @throws GraphException at the first that is no BMP, GIF, JPEG or PNG
   */
  static void check(List<Path> files) {
    for (Path file : files) {
      problem(file)
          .ifPresent(
              broken -> {
                throw broken.exception();
              });
    }
  }

  /** What the first bytes tell; empty if they are those of an image. */
  static Optional<BrokenImage> problem(Path file) {
    if (!Files.isRegularFile(file)) {
      String kind = Files.isDirectory(file) ? "a folder" : "nothing";
      return Optional.of(new BrokenImage(file, "expected a file, received " + kind));
    }
    String start = start(file);
    if (MAGIC.stream().anyMatch(start::startsWith)) {
      return Optional.empty();
    }
    String received = start.isEmpty() ? "an empty file" : "other bytes";
    return Optional.of(
        new BrokenImage(file, "expected a BMP, GIF, JPEG or PNG, received " + received));
  }

  /**
   * Reads the first bytes of each file, of a JPEG up to its sizes.
   *
   * @throws GraphException at the first that TensorFlow does not decode to grey
   */
  static void checkGreyable(List<Path> files) {
    for (Path file : files) {
      colours(file)
          .ifPresent(
              received -> {
                throw new GraphException(
                    "image %s: expected a JPEG but CMYK or a PNG, to be read in grey, received %s;"
                            .formatted(file, received)
                        + " store it as PNG");
              });
    }
  }

  /** What it is that cannot be made grey; empty if it can. */
  private static Optional<String> colours(Path file) {
    String start = start(file);
    if (start.startsWith("GIF8")) {
      return Optional.of("a GIF");
    }
    if (start.startsWith("BM")) {
      return Optional.of("a BMP");
    }
    return header(file).components() == 4 ? Optional.of("a CMYK JPEG") : Optional.empty();
  }

  /** How the picture lies, as a JPEG says; other files say nothing that is read. */
  static Orientation orientation(Path file) {
    return header(file).orientation();
  }

  private static JpegHeader header(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return JpegHeader.read(in);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static GraphException unreadable(Path file, IOException cause) {
    return new GraphException("image " + file + ": expected a file that can be read", cause);
  }

  /** A byte a character, so that bytes compare as text. */
  private static String start(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(8), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
