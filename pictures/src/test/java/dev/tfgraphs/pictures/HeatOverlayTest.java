package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeatOverlayTest {
  private static final int SECOND = 2 * (16 + 240 + 16);
  private static final int TOP = 2 * 62;
  private static final PixelImages WHITE = new PixelImages(new float[] {1, 1, 1, 1}, 2, 2, 1, 0, 1);

  @TempDir private Path folder;

  private static int rgb(Picture picture, int x, int y) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    return image.getRGB(x, y) & 0xffffff;
  }

  private List<String> texts(Picture picture) {
    Path file = folder.resolve("picture.svg");
    picture.writeSvg(file);
    return Svg.read(file).texts();
  }

  private static HostTensor map(int height, int width, float... values) {
    return new HostTensor(Shape.of(height, width), values);
  }

  @Test
  void the_map_lies_over_the_image_in_grey() throws IOException {
    HostTensor heat = map(1, 2, 0, 4);
    Picture half = HeatOverlay.of(WHITE, heat).alpha(0.5).picture();
    assertEquals(0xffffff, rgb(half, 2 * 16 + 10, TOP + 10));
    // inferno begins with 0x000003
    assertEquals(0x808081, rgb(half, SECOND + 10, TOP + 10));
    Picture whole = HeatOverlay.of(WHITE, heat).alpha(1).picture();
    assertEquals(Colormap.INFERNO.rgb(1), rgb(whole, SECOND + 470, TOP + 10));
    Picture none = HeatOverlay.of(WHITE, heat).alpha(0).picture();
    assertEquals(0xffffff, rgb(none, SECOND + 470, TOP + 10));
  }

  @Test
  void numbers_below_zero_are_blue() throws IOException {
    Picture picture = HeatOverlay.of(WHITE, map(1, 2, -1, 4)).alpha(1).picture();
    assertEquals(Colormap.BLUE_RED.rgb(0.375), rgb(picture, SECOND + 10, TOP + 10));
    assertEquals(
        List.of("What the network looks at", "-4", "0", "1", "2", "3", "-2", "4"),
        texts(picture).stream().filter(text -> !text.isEmpty()).toList());
  }

  @Test
  void lines_are_at_parts_of_the_largest_number() {
    assertEquals(
        List.of("Grad-CAM: cat, 83.1 %", "by the layer 'add'", "0", "1", "2", "3", "4"),
        texts(
            HeatOverlay.of(WHITE, map(1, 2, 0, 4))
                .title("Grad-CAM: cat, 83.1 %")
                .caption("by the layer 'add'")
                .picture()));
  }

  @Test
  void nothing_and_what_is_not_finite_are_told() {
    assertEquals(
        List.of("What the network looks at", "late; 0 everywhere", "0"),
        texts(HeatOverlay.of(WHITE, map(1, 2, 0, 0)).caption("late").picture()));
    assertEquals(
        "hatched: not finite (1)",
        texts(HeatOverlay.of(WHITE, map(1, 2, Float.NaN, 1)).picture()).get(1));
  }

  @Test
  void what_is_no_map_is_refused() {
    HostTensor three = new HostTensor(Shape.of(1, 2, 1), new float[2]);
    assertEquals(
        "heat overlay: expected a map (height, width), received (1, 2, 1)",
        assertThrows(IllegalArgumentException.class, () -> HeatOverlay.of(WHITE, three).picture())
            .getMessage());
    assertEquals(
        "heat overlay: expected an alpha from 0 to 1, received NaN",
        assertThrows(
                IllegalArgumentException.class,
                () -> HeatOverlay.of(WHITE, map(1, 1, 1)).alpha(Double.NaN).picture())
            .getMessage());
  }

  /** Around a peak a line is one closed piece at the right distance, past a gap it ends. */
  @Test
  void a_contour_is_in_one_piece() {
    double[][] peak = {{0, 0, 0}, {0, 4, 0}, {0, 0, 0}};
    Path2D line = Contours.of(peak, 2, 10);
    assertEquals(new Rectangle2D.Double(5, 5, 10, 10), line.getBounds2D());
    assertEquals(1, pieces(line));
    double[][] twoPeaks = {{0, 0, 0, 0, 0}, {0, 4, 0, 4, 0}, {0, 0, 0, 0, 0}};
    assertEquals(2, pieces(Contours.of(twoPeaks, 2, 10)));
    double[][] saddle = {{4, 0}, {0, 4}};
    assertEquals(2, pieces(Contours.of(saddle, 3, 10)));
    double[][] gap = {{0, 0, 0}, {0, 4, Double.NaN}, {0, 0, 0}};
    assertEquals(1, pieces(Contours.of(gap, 2, 10)));
    assertEquals(0, pieces(Contours.of(peak, 5, 10)));
  }

  private static int pieces(Path2D path) {
    int pieces = 0;
    for (PathIterator at = path.getPathIterator(null); !at.isDone(); at.next()) {
      pieces += at.currentSegment(new double[6]) == PathIterator.SEG_MOVETO ? 1 : 0;
    }
    return pieces;
  }
}
