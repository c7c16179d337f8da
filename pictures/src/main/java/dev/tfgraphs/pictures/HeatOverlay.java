package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image, and beside it the same image in grey under a map of it, such as Grad-CAM or occlusion
 * make. Lines at parts of the largest number say in black and white, too, where the map is high.
 */
@CheckReturnValue
public final class HeatOverlay {
  private static final int MARGIN = 16;
  private static final int HEADER = 62;
  private static final int GAP = 16;
  private static final int SIDE = 240;
  private static final int LEAST_WIDTH = 420;

  /** Of the grid of the lines, in points. */
  private static final int STEP = 2;

  /** Of red, green and blue in the brightness that the eye sees (ITU-R BT.601). */
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  /** A line at a part of the largest number. */
  private record Line(double part, Stroke stroke) {}

  private static final ImmutableList<Line> LINES =
      ImmutableList.of(
          new Line(0.25, dashed(1, 3)),
          new Line(0.5, dashed(6, 4)),
          new Line(0.75, new BasicStroke(1.2f)));

  private static final ImmutableList<Line> BELOW =
      ImmutableList.of(new Line(-0.5, dashed(7, 3, 1, 3)));

  private final PixelImages image;
  private final HostTensor heat;
  private final String title;
  private final String caption;
  private final Colormap colours;
  private final double alpha;

  private HeatOverlay(
      PixelImages image,
      HostTensor heat,
      String title,
      String caption,
      Colormap colours,
      double alpha) {
    this.image = image;
    this.heat = heat;
    this.title = title;
    this.caption = caption;
    this.colours = colours;
    this.alpha = alpha;
  }

  /**
   * {@return the first of {@code images} and a map of it}
   *
   * @param heat {@code (height, width)} of any size, stretched over the image. Where some of it is
   *     less than 0 the colours are {@link Colormap#BLUE_RED}, otherwise {@link Colormap#INFERNO}
   * @throws IllegalArgumentException if the map is shaped otherwise
   */
  public static HeatOverlay of(PixelImages images, HostTensor heat) {
    Shape shape = heat.shape();
    if (shape.rank() != 2 || shape.elements() == 0) {
      throw new IllegalArgumentException(
          "heat overlay: expected a map (height, width), received " + shape);
    }
    boolean signed = false;
    for (float value : heat.values()) {
      signed |= value < 0;
    }
    Colormap colours = signed ? Colormap.BLUE_RED : Colormap.INFERNO;
    return new HeatOverlay(images, heat, "What the network looks at", "", colours, 0.6);
  }

  /** {@return this under a title} */
  public HeatOverlay title(String text) {
    return new HeatOverlay(image, heat, text, caption, colours, alpha);
  }

  /** {@return this with a line below the title: what the numbers are} */
  public HeatOverlay caption(String text) {
    return new HeatOverlay(image, heat, title, text, colours, alpha);
  }

  /** {@return this in other colours; {@link Colormap#signed} ones have 0 in the middle} */
  public HeatOverlay colormap(Colormap map) {
    return new HeatOverlay(image, heat, title, caption, map, alpha);
  }

  /**
   * {@return this with the map so opaque; 0.6 without being said}
   *
   * @param part from 0, the image alone, to 1, the map alone
   * @throws IllegalArgumentException if it is outside of that
   */
  public HeatOverlay alpha(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException(
          "heat overlay: expected an alpha from 0 to 1, received " + part);
    }
    return new HeatOverlay(image, heat, title, caption, colours, part);
  }

  /** {@return the picture} */
  public Picture picture() {
    BufferedImage plain = image.fitted(0, SIDE * Picture.SCALE);
    double width = (double) plain.getWidth() / Picture.SCALE;
    double height = (double) plain.getHeight() / Picture.SCALE;
    ColourScale scale = scale();
    BufferedImage mixed = mixed(plain, scale);
    int whole = (int) Math.ceil(2 * MARGIN + 2 * width + 2 * GAP + ColourBar.WIDTH);
    return Picture.of(
        Math.max(LEAST_WIDTH, whole),
        (int) Math.ceil(HEADER + height + MARGIN),
        g -> {
          paintTexts(g, Math.max(LEAST_WIDTH, whole) - 2 * MARGIN);
          Tiles.paintImage(g, plain, MARGIN, HEADER);
          Tiles.paintImage(g, mixed, MARGIN + width + GAP, HEADER);
          paintLines(g, scale, MARGIN + width + GAP, width, height);
          bar(scale).paint(g, MARGIN + 2 * (width + GAP), HEADER, (int) Math.round(height));
        });
  }

  /** From 0 on, where nothing is less, so that equal colours mean equal parts of the most. */
  private ColourScale scale() {
    ColourScale found = ColourScale.of(colours.signed(), heat.values());
    return colours.signed() || found.low() < 0 ? found : new ColourScale(0, found.high(), false);
  }

  private void paintTexts(Graphics2D g, int room) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, room), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 12));
    g.drawString(Picture.fitted(g, words(), room), MARGIN, 46);
  }

  private String words() {
    List<String> words = new ArrayList<>();
    words.add(caption);
    long broken = Raster.notFinite(heat.values());
    words.add(broken == 0 ? "" : "hatched: not finite (" + broken + ")");
    ColourScale scale = scale();
    words.add(scale.low() == 0 && scale.high() == 0 ? "0 everywhere" : "");
    words.removeIf(String::isEmpty);
    return String.join("; ", words);
  }

  private List<Line> lines(ColourScale scale) {
    if (!(scale.high() > 0)) {
      return List.of();
    }
    return scale.signed()
        ? ImmutableList.<Line>builder().addAll(LINES).addAll(BELOW).build()
        : LINES;
  }

  private ColourBar bar(ColourScale scale) {
    ColourBar plain = ColourBar.of(colours, scale);
    List<ColourBar.Mark> marks = new ArrayList<>();
    marks.add(plain.marks().get(0));
    if (scale.signed() && !scale.isConstant()) {
      marks.add(new ColourBar.Mark(0, Optional.empty()));
    }
    lines(scale)
        .forEach(
            line ->
                marks.add(
                    new ColourBar.Mark(line.part() * scale.high(), Optional.of(line.stroke()))));
    if (!scale.isConstant()) {
      marks.add(new ColourBar.Mark(scale.high(), Optional.empty()));
    }
    return new ColourBar(colours, scale, marks);
  }

  private BufferedImage mixed(BufferedImage plain, ColourScale scale) {
    int width = plain.getWidth();
    int height = plain.getHeight();
    BufferedImage mixed = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = at((y + 0.5) / height, (x + 0.5) / width);
        int colour = Raster.colour(colours, scale.part(value), x, y);
        mixed.setRGB(x, y, blended(colour, plain.getRGB(x, y)));
      }
    }
    return mixed;
  }

  private int blended(int colour, int below) {
    double grey =
        LUMA[0] * (below >> 16 & 0xff) + LUMA[1] * (below >> 8 & 0xff) + LUMA[2] * (below & 0xff);
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double level = alpha * (colour >> shift & 0xff) + (1 - alpha) * grey;
      mixed |= (int) Math.round(level) << shift;
    }
    return mixed;
  }

  /** The map at a part of its height and width, between the middles of its places. */
  private double at(double down, double right) {
    int height = heat.shape().size(0);
    int width = heat.shape().size(1);
    double y = Math.max(0, Math.min(height - 1, down * height - 0.5));
    double x = Math.max(0, Math.min(width - 1, right * width - 0.5));
    int top = (int) y;
    int left = (int) x;
    double upper = between(row(top, left), row(top, left + 1), x - left);
    double lower = between(row(top + 1, left), row(top + 1, left + 1), x - left);
    return between(upper, lower, y - top);
  }

  private double row(int y, int x) {
    int height = heat.shape().size(0);
    int width = heat.shape().size(1);
    return heat.values()[Math.min(y, height - 1) * width + Math.min(x, width - 1)];
  }

  /** What is no number counts only where it has a part. */
  private static double between(double from, double to, double part) {
    return part == 0 ? from : from + part * (to - from);
  }

  private void paintLines(
      Graphics2D g, ColourScale scale, double left, double width, double height) {
    int rows = (int) Math.floor(height / STEP) + 1;
    int columns = (int) Math.floor(width / STEP) + 1;
    double[][] grid = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        double value = at(row * STEP / height, column * STEP / width);
        grid[row][column] = Double.isFinite(value) ? value : Double.NaN;
      }
    }
    AffineTransform before = g.getTransform();
    g.translate(left, HEADER);
    for (Line line : lines(scale)) {
      ColourBar.paintLine(g, line.stroke(), Contours.of(grid, line.part() * scale.high(), STEP));
    }
    g.setTransform(before);
  }

  private static Stroke dashed(float... dashes) {
    return new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes, 0);
  }
}
