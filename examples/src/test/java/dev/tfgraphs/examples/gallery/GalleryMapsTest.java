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

class GalleryMapsTest {
  private static final long LARGEST = 150_000;

  @TempDir private Path folder;

  @Test
  void picturesAreSmallAndOfADigitThatTheNetworkKnows() throws IOException {
    GalleryMaps.write(folder);
    List<Path> pictures;
    try (Stream<Path> files = Files.list(folder)) {
      pictures = files.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
    assertEquals(
        List.of(
            "feature-maps-early.png",
            "feature-maps-late.png",
            "feature-maps-photo.png",
            "filters-digits.png",
            "filters-edges.png",
            "grad-cam.png",
            "occlusion.png"),
        pictures.stream().map(file -> file.getFileName().toString()).toList());
    for (Path picture : pictures) {
      assertTrue(Files.size(picture) < LARGEST, picture + ": " + Files.size(picture));
    }
    String svg = Files.readString(folder.resolve("grad-cam.svg"));
    assertTrue(svg.contains("Grad-CAM: 4, "), svg.substring(0, 400));
  }
}
