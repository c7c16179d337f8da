package dev.tfgraphs.graphs.data;

import static dev.tfgraphs.graphs.data.Reading.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is broken is an error that names it, or is told and left out where that is asked for. */
class BrokenImagesTest {
  private static final int WHOLE = 8;

  @TempDir Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (int i = 0; i < WHOLE; i++) {
      write((i < 5 ? "a/" : "c/") + i + ".png", whole());
    }
  }

  private static byte[] whole() throws IOException {
    try (InputStream in = BrokenImagesTest.class.getResourceAsStream("folder/cats/grey.png")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.write(file, bytes);
  }

  private List<BrokenImage> breakSome() throws IOException {
    byte[] png = whole();
    return List.of(
        new BrokenImage(
            write("a/00.jpg", new byte[0]),
            "expected a BMP, GIF, JPEG or PNG, received an empty file"),
        new BrokenImage(
            write("a/2a.png", Arrays.copyOf(png, 60)),
            "cannot be decoded: Invalid PNG data, size 60"),
        new BrokenImage(
            write("a/2b.png", Arrays.copyOf(png, 50)),
            "cannot be decoded: Invalid PNG data, size 50"),
        new BrokenImage(
            write("b/webp.jpg", new byte[] {'R', 'I', 'F', 'F'}),
            "expected a BMP, GIF, JPEG or PNG, received other bytes"),
        new BrokenImage(
            write("c/9.gif", new byte[] {'G', 'I', 'F', '8', '9', 'a'}),
            "cannot be decoded: Invalid GIF data (size 6), failed to open gif file: No screen"
                + " descriptor detected"));
  }

  @Test
  void brokenImagesAreToldInOrderAndLeftOut() throws IOException {
    List<BrokenImage> expected = breakSome();
    List<BrokenImage> broken = new ArrayList<>();
    Images images = Images.folder(folder, 7, 9, broken::add);
    assertEquals(expected, broken);
    assertEquals(
        List.of(
            "a/0.png", "a/1.png", "a/2.png", "a/3.png", "a/4.png", "c/5.png", "c/6.png", "c/7.png"),
        images.paths().stream().map(folder::relativize).map(Path::toString).toList());
    assertEquals(List.of("a", "b", "c"), images.classNames());
    List<Number> labels = new ArrayList<>();
    try (Batches batches = images.open(3, false, 0)) {
      Reading.pass(batches, 0, batch -> labels.addAll(Reading.numbers(batch.targets().get(0))));
    }
    assertEquals(List.of(0, 0, 0, 0, 0, 2, 2, 2), labels);
  }

  @Test
  void theMessageIsThatOfTheError() throws IOException {
    for (BrokenImage broken : breakSome()) {
      assertFails(
          broken.message(), () -> Reading.inputs(Images.files(List.of(broken.path()), 3, 4), 1));
    }
  }

  @Test
  void ofWholeImagesNoneIsLeftOut() {
    List<BrokenImage> broken = new ArrayList<>();
    Images images = Images.folder(folder, 7, 9, broken::add);
    assertEquals(List.of(), broken);
    assertEquals(Images.folder(folder, 7, 9).paths(), images.paths());
  }

  @Test
  void aFolderOfBrokenImagesAloneIsRefused() throws IOException {
    Path other = folder.resolve("other");
    Path first = write("other/one/1.png", new byte[] {1});
    Path second = write("other/two/2.png", new byte[] {2});
    List<Path> told = new ArrayList<>();
    assertFails(
        "images: expected one or more that can be decoded below "
            + other
            + ", received 2 that cannot",
        () -> Images.folder(other, 3, 4, broken -> told.add(broken.path())));
    assertEquals(List.of(first, second), told);
  }
}
