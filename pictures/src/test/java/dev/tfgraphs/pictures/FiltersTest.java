package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiltersTest {
  private static final int LEFT = 2 * 16 + 6;
  private static final int TOP = 2 * 62;

  @TempDir private Path folder;

  private List<String> texts(Picture picture) {
    Path file = folder.resolve("picture.svg");
    picture.writeSvg(file);
    return Svg.read(file).texts();
  }

  private static int rgb(Picture picture, int x, int y) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    return image.getRGB(x, y) & 0xffffff;
  }

  @Test
  void filters_of_colours_are_in_colour() throws IOException {
    // one place, inputs red 1, green 0, blue -1
    HostTensor kernel = new HostTensor(Shape.of(1, 1, 3, 1), new float[] {1, 0, -1});
    Picture picture = Filters.of(kernel).title("Filters of conv1").picture();
    assertEquals(0xff8000, rgb(picture, LEFT + 50, TOP + 50));
    assertEquals(
        List.of(
            "Filters of conv1",
            "1 filter, 1 \u00d7 1; black less than 0, grey 0, white more",
            "0",
            "\u00b1 1"),
        texts(picture));
  }

  @Test
  void others_are_grey_one_for_each_input() throws IOException {
    HostTensor kernel = new HostTensor(Shape.of(1, 1, 2, 2), new float[] {-3, 0, 2, 4});
    Picture picture = Filters.of(kernel).most(3).columns(2).picture();
    assertEquals(0x000000, rgb(picture, LEFT + 50, TOP + 50));
    assertEquals(0xffffff, rgb(picture, LEFT + 2 * 72 + 50, TOP + 50));
    assertEquals(
        List.of(
            "Filters",
            "3 of 4 filters by inputs, 1 \u00d7 1; black less than 0, grey 0, white more",
            "0, input 0",
            "\u00b1 3",
            "0, input 1",
            "\u00b1 2",
            "1, input 0",
            "all 0"),
        texts(picture));
  }

  @Test
  void a_filter_of_zeros_is_grey_and_one_that_is_not_finite_is_told() throws IOException {
    HostTensor kernel =
        new HostTensor(Shape.of(1, 1, 3, 2), new float[] {0, 1, 0, Float.NaN, 0, 1});
    Picture picture = Filters.of(kernel).picture();
    assertEquals(0x808080, rgb(picture, LEFT + 50, TOP + 50));
    assertEquals(
        "2 filters, 1 \u00d7 1; black less than 0, grey 0, white more; hatched: not"
            + " finite (1)",
        texts(picture).get(1));
  }

  @Test
  void what_is_no_kernel_is_refused() {
    assertEquals(
        "filters: expected a kernel (height, width, inputs, filters), received (3, 2)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Filters.of(new HostTensor(Shape.of(3, 2), new float[6])).picture())
            .getMessage());
    HostTensor kernel = new HostTensor(Shape.of(1, 1, 1, 1), new float[1]);
    assertEquals(
        "filters: expected 1 or more columns, received 0",
        assertThrows(IllegalArgumentException.class, () -> Filters.of(kernel).columns(0).picture())
            .getMessage());
  }
}
