package dev.tfgraphs.examples.gallery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryCurvesTest {
  @TempDir private Path folder;

  @Test
  void writesSmallPictures() throws IOException {
    GalleryCurves.write(folder);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> written = files.toList();
      assertEquals(14, written.size());
      for (Path file : written) {
        assertTrue(file.toString().endsWith(".svg") || Files.size(file) < 150_000, file.toString());
      }
    }
  }
}
