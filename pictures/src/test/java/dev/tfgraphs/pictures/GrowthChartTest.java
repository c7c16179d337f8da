package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthChartTest {
  @TempDir private Path folder;

  @Test
  void theCurveTheReferenceAndEveryQuantityAreNamed() {
    List<GrowthChart.Place> curve =
        List.of(new GrowthChart.Place(64, 0.02, 1), new GrowthChart.Place(448, 0.5, 49));
    Picture picture =
        GrowthChart.of("ResNet50", "Size", "Seconds", "grown as both", Map.of("training", curve));
    Path file = folder.resolve("growth.svg");
    picture.writeSvg(file);
    assertEquals(
        List.of(
            "ResNet50",
            "training",
            "grown as both",
            "0.01",
            "0.1",
            "1",
            "Seconds",
            "64",
            "448",
            "Size"),
        Svg.read(file).texts());
  }

  @Test
  void whatHasNoPlaceOnTheAxesIsRefused() {
    assertEquals(
        "growth: expected finite numbers greater than 0, received 0.0 of 1.0 at 64.0",
        assertThrows(IllegalArgumentException.class, () -> new GrowthChart.Place(64, 0, 1))
            .getMessage());
    assertEquals(
        "growth: expected curves of one place or more, received {training=[]}",
        assertThrows(
                IllegalArgumentException.class,
                () -> GrowthChart.of("", "", "", "", Map.of("training", List.of())))
            .getMessage());
  }
}
