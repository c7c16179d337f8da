package dev.tfgraphs.examples.gallery;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Pictures of every kind, of small networks that are trained on the digits meanwhile. */
public final class Gallery {
  private static final ImmutableMap<String, Consumer<Path>> PARTS =
      ImmutableMap.of(
          "Feature maps, filters and what a network looks at", GalleryMaps::write,
          "Gradient flow", GalleryFlow::write,
          "Learning curves, comparisons and how good a network is", GalleryCurves::write,
          "Diagrams", GalleryDiagram::write);

  private static final String PAGE = "README.md";
  private static final String HEAD = "# Gallery\n\nMade by `./tfgraphs gallery`.\n";

  private Gallery() {}

  /**
   * Draws them as PNG and SVG, and, if all are drawn, a README.md that shows them.
   *
   * @param folder where they go; files of the same names are replaced
   * @param progress hears which part comes next
   * @param stop asked before each part; what is drawn by then stays
   * @throws IOException if the folder cannot be read or README.md not be written
   */
  public static void write(Path folder, Consumer<String> progress, BooleanSupplier stop)
      throws IOException {
    Files.createDirectories(folder);
    StringBuilder page = new StringBuilder(HEAD);
    boolean whole = true;
    for (Map.Entry<String, Consumer<Path>> part : PARTS.entrySet()) {
      if (stop.getAsBoolean()) {
        whole = false;
        break;
      }
      progress.accept(part.getKey());
      page.append("\n## ").append(part.getKey()).append('\n');
      addDrawn(page, folder, part.getValue());
    }
    if (whole) {
      Files.writeString(folder.resolve(PAGE), page);
    }
  }

  /** {@return whether a folder has no README.md but that of a gallery} */
  public static boolean mayWrite(Path folder) throws IOException {
    Path page = folder.resolve(PAGE);
    return !Files.exists(page) || Files.readString(page).startsWith(HEAD);
  }

  private static void addDrawn(StringBuilder page, Path folder, Consumer<Path> part)
      throws IOException {
    Path apart = Files.createTempDirectory(folder, ".part");
    try {
      part.accept(apart);
      for (Path file : files(apart)) {
        Path place = folder.resolve(file.getFileName());
        Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
        addPicture(page, place);
      }
    } finally {
      MoreFiles.deleteRecursively(apart, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /**
   * The PNG if there is one, which leads to the SVG; the latter alone where a PNG would be large.
   */
  private static void addPicture(StringBuilder page, Path file) {
    String name = MoreFiles.getNameWithoutExtension(file);
    boolean drawn = MoreFiles.getFileExtension(file).equals("svg");
    boolean pixels = Files.exists(file.resolveSibling(name + ".png"));
    if (drawn) {
      page.append(
          "\n[![%s](%s)](%s.svg)\n"
              .formatted(name.replace('-', ' '), name + (pixels ? ".png" : ".svg"), name));
    }
  }

  private static ImmutableSortedSet<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    }
  }
}
