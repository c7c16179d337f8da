package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FeatureMapsTest {
  private static final int FIRST = 0x440154;
  private static final int LAST = 0xfde724;

  /** Two channels of 2 x 2: 0, 1, 2, 4 and 0, 0, 0, 2. */
  private static final HostTensor MAPS =
      new HostTensor(Shape.of(1, 2, 2, 2), new float[] {0, 0, 1, 0, 2, 0, 4, 2});

  @TempDir private Path folder;

  private static BufferedImage png(Picture picture) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(picture.png()));
  }

  private List<String> texts(Picture picture) {
    Path file = folder.resolve("picture.svg");
    picture.writeSvg(file);
    return Svg.read(file).texts();
  }

  private static int rgb(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  @Test
  void each_channel_goes_from_its_least_to_its_largest_number() throws IOException {
    BufferedImage image = png(FeatureMaps.of("relu", MAPS).picture());
    int left = 2 * 16;
    int top = 2 * (34 + 40);
    int next = left + 2 * (88 + 10);
    assertEquals(FIRST, rgb(image, left + 10, top + 10));
    assertEquals(LAST, rgb(image, left + 170, top + 170));
    assertEquals(FIRST, rgb(image, next + 10, top + 170));
    assertEquals(LAST, rgb(image, next + 170, top + 170));
    assertEquals(Colormap.VIRIDIS.rgb(0.25), rgb(image, left + 170, top + 10));
    assertEquals(
        List.of(
            "Feature maps",
            "relu",
            "2 channels, 2 \u00d7 2, each on its own scale",
            "0",
            "0 to 4",
            "1",
            "0 to 2"),
        texts(FeatureMaps.of("relu", MAPS).picture()));
  }

  @Test
  void one_scale_for_all_has_a_bar_of_numbers() throws IOException {
    Picture picture = FeatureMaps.of("relu", MAPS).sharedScale().title("Layers").picture();
    BufferedImage image = png(picture);
    int next = 2 * (16 + 88 + 10);
    assertEquals(Colormap.VIRIDIS.rgb(0.5), rgb(image, next + 170, 2 * 74 + 170));
    assertEquals(
        List.of(
            "Layers",
            "relu",
            "2 channels, 2 \u00d7 2, one scale for all",
            "0",
            "1",
            "0",
            "1",
            "2",
            "3",
            "4"),
        texts(picture));
  }

  @Test
  void says_how_many_of_how_many_channels_there_are() {
    HostTensor many = new HostTensor(Shape.of(4, 4, 256), new float[4096]);
    List<String> texts = texts(FeatureMaps.of("late", many).channels(3).columns(2).picture());
    assertEquals(
        List.of(
            "Feature maps",
            "late",
            "3 of 256 channels, 4 \u00d7 4, each on its own scale",
            "0",
            "all 0",
            "1",
            "all 0",
            "2",
            "all 0"),
        texts);
    assertTrue(texts(FeatureMaps.of("late", many).picture()).contains("31"));
  }

  @Test
  void several_layers_and_the_image_are_side_by_side() {
    PixelImages image = new PixelImages(new float[12], 2, 2, 3, 0, 1);
    List<String> texts =
        texts(
            FeatureMaps.of(ImmutableMap.of("first", MAPS, "second", MAPS)).image(image).picture());
    assertEquals(List.of("Feature maps", "Image", "2 \u00d7 2", "first"), texts.subList(0, 4));
    assertTrue(texts.contains("second"));
  }

  @Test
  void colours_of_signs_have_zero_in_the_middle() throws IOException {
    HostTensor signs = new HostTensor(Shape.of(1, 2, 1), new float[] {-1, 0});
    BufferedImage image = png(FeatureMaps.of("bn", signs).colormap(Colormap.BLUE_RED).picture());
    int left = 2 * 16;
    assertEquals(Colormap.BLUE_RED.rgb(0), rgb(image, left + 10, 2 * 74 + 10));
    assertEquals(Colormap.BLUE_RED.rgb(0.5), rgb(image, left + 170, 2 * 74 + 10));
  }

  @Test
  void what_is_not_finite_is_hatched_and_counted() throws IOException {
    HostTensor odd =
        new HostTensor(Shape.of(1, 3, 1), new float[] {1, Float.NaN, Float.NEGATIVE_INFINITY});
    Picture picture = FeatureMaps.of("odd", odd).picture();
    BufferedImage image = png(picture);
    int hatched = 0;
    int grey = 0;
    for (int x = 2 * 16 + 59; x < 2 * 16 + 177; x++) {
      hatched += rgb(image, x, 2 * 74 + 3) == 0x303030 ? 1 : 0;
      grey += rgb(image, x, 2 * 74 + 3) == 0xb0b0b0 ? 1 : 0;
    }
    assertEquals(118, hatched + grey);
    assertTrue(hatched > 30 && grey > 60, hatched + " and " + grey);
    assertTrue(
        texts(picture)
            .contains("1 channel, 1 \u00d7 3, each on its own scale; hatched: not finite (2)"));
  }

  @Test
  void large_maps_become_means_of_blocks() throws IOException {
    float[] checks = new float[600 * 600];
    for (int i = 0; i < checks.length; i++) {
      checks[i] = i < 300 * 600 ? (i % 600 + i / 600) % 3 : 2;
    }
    Picture picture =
        FeatureMaps.of("large", new HostTensor(Shape.of(600, 600, 1), checks)).picture();
    assertEquals(LAST, rgb(png(picture), 2 * 16 + 100, 2 * 74 + 190));
    assertTrue(texts(picture).contains("1 to 2"), texts(picture).toString());
  }

  @Test
  void what_is_no_map_is_refused() {
    HostTensor row = new HostTensor(Shape.of(1, 10), new float[10]);
    assertFails(
        "feature maps: expected (1, height, width, channels) of 'dense', received (1, 10)",
        () -> FeatureMaps.of("dense", row).picture());
    assertFails(
        "feature maps: expected (1, height, width, channels) of 'relu', received (2, 1, 1, 1)",
        () -> FeatureMaps.of("relu", new HostTensor(Shape.of(2, 1, 1, 1), new float[2])).picture());
    assertFails(
        "feature maps: expected those of a layer, received none",
        () -> FeatureMaps.of(ImmutableMap.of()).picture());
    assertFails(
        "feature maps: expected 1 or more channels, received 0",
        () -> FeatureMaps.of("relu", MAPS).channels(0).picture());
    assertFails(
        "feature maps: expected 1 or more columns, received -1",
        () -> FeatureMaps.of("relu", MAPS).columns(-1).picture());
  }

  private static void assertFails(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }
}
