package dev.tfgraphs.pictures;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The filters of a convolution, side by side: those of red, green and blue in colour, all others in
 * grey, where the middle is 0, black less and white more. Each filter has its own scale.
 */
@CheckReturnValue
public final class Filters {
  private static final int MARGIN = 16;
  private static final int HEADER = 62;
  private static final int LEAST_WIDTH = 520;

  /** Of a filter, in pixels. */
  private static final int WISHED = 112;

  private final HostTensor kernel;
  private final String title;
  private final int most;
  private final int columns;

  private Filters(HostTensor kernel, String title, int most, int columns) {
    this.kernel = kernel;
    this.title = title;
    this.most = most;
    this.columns = columns;
  }

  /**
   * {@return the first 64 filters, 8 in a row}
   *
   * @param kernel {@code (height, width, inputs, filters)}, such as {@code
   *     weights.get("conv1_conv/kernel")}. Of 3 inputs, each filter is one image in colour; of any
   *     other number there is an image for each input of each filter
   * @throws IllegalArgumentException if it is shaped otherwise
   */
  public static Filters of(HostTensor kernel) {
    Shape shape = kernel.shape();
    if (shape.rank() != 4 || shape.elements() == 0) {
      throw new IllegalArgumentException(
          "filters: expected a kernel (height, width, inputs, filters), received " + shape);
    }
    return new Filters(kernel, "Filters", 64, 8);
  }

  /** {@return these under a title; without one it is "Filters"} */
  public Filters title(String text) {
    return new Filters(kernel, text, most, columns);
  }

  /**
   * {@return at most so many images, from the first on}
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public Filters most(int images) {
    return new Filters(kernel, title, atLeastOne("filters", images), columns);
  }

  /**
   * {@return these with so many in a row}
   *
   * @throws IllegalArgumentException if that is less than 1
   */
  public Filters columns(int count) {
    return new Filters(kernel, title, most, atLeastOne("columns", count));
  }

  private static int atLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "filters: expected 1 or more " + what + ", received " + value);
    }
    return value;
  }

  /** {@return the picture} */
  public Picture picture() {
    int shown = Math.min(most, images());
    List<Tiles.Tile> tiles = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      tiles.add(inColour() ? coloured(i) : grey(i));
    }
    Tiles grid = new Tiles(tiles, columns);
    int width = Math.max(LEAST_WIDTH, grid.width() + 2 * MARGIN);
    return Picture.of(
        width, HEADER + grid.height() + MARGIN, g -> paint(g, grid, shown, width - 2 * MARGIN));
  }

  private void paint(Graphics2D g, Tiles grid, int shown, int room) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, room), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.drawString(Picture.fitted(g, words(shown), room), MARGIN, 46);
    grid.paint(g, MARGIN, HEADER);
  }

  private String words(int shown) {
    int all = images();
    String plural = all == 1 ? "filter" : "filters";
    String what = inputs() == 1 || inColour() ? plural : "filters by inputs";
    long broken = Raster.notFinite(kernel.values());
    return "%s %s, %d \u00d7 %d; black less than 0, grey 0, white more%s"
        .formatted(
            shown == all ? Integer.toString(all) : shown + " of " + all,
            what,
            kernel.shape().size(0),
            kernel.shape().size(1),
            broken == 0 ? "" : "; hatched: not finite (" + broken + ")");
  }

  private boolean inColour() {
    return inputs() == 3;
  }

  private int inputs() {
    return kernel.shape().size(2);
  }

  private int filters() {
    return kernel.shape().size(3);
  }

  private int images() {
    return inColour() ? filters() : filters() * inputs();
  }

  private Raster raster(int filter, int input) {
    int height = kernel.shape().size(0);
    int width = kernel.shape().size(1);
    return new Raster(
        (row, column) ->
            kernel.values()[((row * width + column) * inputs() + input) * filters() + filter],
        height,
        width);
  }

  private int factor() {
    return Raster.factor(kernel.shape().size(0), kernel.shape().size(1), WISHED);
  }

  private Tiles.Tile grey(int image) {
    int filter = image / inputs();
    int input = image % inputs();
    Raster raster = raster(filter, input);
    ColourScale scale = ColourScale.of(true, raster.values());
    String label = inputs() == 1 ? "" + filter : filter + ", input " + input;
    return new Tiles.Tile(raster.image(Colormap.GREY, scale, factor()), label, magnitude(scale));
  }

  private Tiles.Tile coloured(int filter) {
    Raster[] parts = {raster(filter, 0), raster(filter, 1), raster(filter, 2)};
    float[] all = new float[3 * parts[0].values().length];
    for (int i = 0; i < 3; i++) {
      float[] part = parts[i].values();
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    ColourScale scale = ColourScale.of(true, all);
    BufferedImage image = parts[0].image(Colormap.GREY, scale, factor());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, mixed(parts, scale, x, y));
      }
    }
    return new Tiles.Tile(image, "" + filter, magnitude(scale));
  }

  private int mixed(Raster[] parts, ColourScale scale, int x, int y) {
    int colour = 0;
    for (Raster part : parts) {
      double level = scale.part(part.numbers().at(y / factor(), x / factor()));
      if (Double.isNaN(level)) {
        return Raster.colour(Colormap.GREY, level, x, y);
      }
      colour = colour << 8 | (Colormap.GREY.rgb(level) & 0xff);
    }
    return colour;
  }

  private static String magnitude(ColourScale scale) {
    return scale.isConstant() ? "all 0" : "\u00b1 " + ColourScale.number(scale.high());
  }
}
