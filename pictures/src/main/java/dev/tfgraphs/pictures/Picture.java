package dev.tfgraphs.pictures;

import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Something that can be drawn, and written as PNG and SVG without a display. Where Java finds no
 * font, pictures can neither be made nor written: each of their makers may fail with {@link
 * NoFontsException}.
 */
public final class Picture {
  static final int SCALE = 2;

  private static final Pattern FAMILY = Pattern.compile("font-family:&quot;[^&]*&quot;");
  private static final Pattern OUTLINE = Pattern.compile(" d=\"[^\"]*\"");
  private static final Pattern LONG_FRACTION = Pattern.compile("(\\.\\d\\d)\\d+");

  private final int width;
  private final int height;
  private final Consumer<Graphics2D> painting;

  private Picture(int width, int height, Consumer<Graphics2D> painting) {
    this.width = width;
    this.height = height;
    this.painting = painting;
  }

  /**
   * A picture of one's own.
   *
   * @param width in points; a PNG has 2 pixels for each
   * @param height in points
   * @param painting draws the picture on white, as often as it is written
   */
  public static Picture of(int width, int height, Consumer<Graphics2D> painting) {
    return new Picture(width, height, painting);
  }

  /** {@return the width in points} */
  public int width() {
    return width;
  }

  /** {@return the height in points} */
  public int height() {
    return height;
  }

  /** {@return the font of all pictures: what Java calls "sans serif" on the machine at hand} */
  public static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  /**
   * Writes a PNG, whole or not at all.
   *
   * @throws NoFontsException if Java finds no font on this machine
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writePng(Path file) {
    replace(file, png());
  }

  /**
   * {@return the bytes of a PNG}
   *
   * @throws NoFontsException if Java finds no font on this machine
   */
  public byte[] png() {
    requireFonts();
    BufferedImage image =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.scale(SCALE, SCALE);
    paint(g);
    g.dispose();
    return png(image);
  }

  /**
   * Writes an SVG, whole or not at all; its texts stay texts, its images are embedded.
   *
   * @throws NoFontsException if Java finds no font on this machine
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writeSvg(Path file) {
    replace(file, svg().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@return the text of an SVG; its texts stay texts, its images are embedded}
   *
   * @throws NoFontsException if Java finds no font on this machine
   */
  public String svg() {
    requireFonts();
    SvgGraphics g = new SvgGraphics();
    paint(g);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Processors.get("svg")
          .getDocument(g.getCommands(), new PageSize(0, 0, width, height))
          .writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compact(withFonts(bytes.toString(StandardCharsets.UTF_8)));
  }

  /**
   * Writes both, {@code name.png} and {@code name.svg}.
   *
   * @param folder one that is there
   * @throws NoFontsException if Java finds no font on this machine
   * @throws UncheckedIOException if a file cannot be written
   */
  public void write(Path folder, String name) {
    writePng(folder.resolve(name + ".png"));
    writeSvg(folder.resolve(name + ".svg"));
  }

  private void paint(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    painting.accept(g);
  }

  /**
   * Says what VectorGraphics2D does not: that texts without a size have 12 points, where SVG takes
   * 16, and what to do where the font of this machine is missing.
   */
  private static String withFonts(String svg) {
    return FAMILY
        .matcher(svg)
        .replaceAll("$0,sans-serif")
        .replaceFirst("<svg ", "<svg font-size=\"12px\" ");
  }

  /** Hundredths of a point are enough for outlines, and shorter. */
  private static String compact(String svg) {
    return OUTLINE
        .matcher(svg)
        .replaceAll(path -> LONG_FRACTION.matcher(path.group()).replaceAll("$1"));
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Fails early where no picture can be drawn.
   *
   * @throws NoFontsException if Java finds no font on this machine
   */
  public static void requireFonts() {
    textWidth(font(Font.PLAIN, 12), "");
  }

  /** {@return whether the font of all pictures has the letters of {@code text}} */
  public static boolean canShow(String text) {
    return font(Font.PLAIN, 12).canDisplayUpTo(text) < 0;
  }

  /**
   * How many points a text takes, wherever it is drawn.
   *
   * @throws NoFontsException if Java finds no font on this machine
   */
  static int textWidth(Font font, String text) {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return metrics(g, font).stringWidth(text);
    } finally {
      g.dispose();
    }
  }

  private static FontMetrics metrics(Graphics2D g, Font font) {
    try {
      return g.getFontMetrics(font);
    } catch (InternalError | LinkageError | RuntimeException e) {
      // AWT fails in any of these three ways, and with its own words in each JDK.
      throw new NoFontsException(e);
    }
  }

  /** Draws an image of twice as many pixels as points, its corner at {@code (x, y)}. */
  static void paintPixels(Graphics2D g, BufferedImage image, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.scale(1.0 / SCALE, 1.0 / SCALE);
    g.drawImage(image, 0, 0, null);
    g.setTransform(before);
  }

  /** Draws a text that begins at {@code (x, y)} and goes up. */
  static void paintUpwards(Graphics2D g, String text, double x, double y) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 2);
    g.drawString(text, 0, 0);
    g.setTransform(before);
  }

  /** As much of a text, in the font at hand, as fits into {@code most} points. */
  static String fitted(Graphics2D g, String text, int most) {
    FontMetrics metrics = g.getFontMetrics();
    String shown = text;
    for (int end = text.length() - 1; metrics.stringWidth(shown) > most && end > 0; end--) {
      shown = text.substring(0, end) + "\u2026";
    }
    return shown;
  }

  static void replace(Path file, byte[] bytes) {
    try {
      // Not createTempFile: the picture would be readable by its owner only.
      Path whole = file.resolveSibling(file.getFileName() + ".part");
      try {
        Files.write(whole, bytes);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("picture '" + file + "': expected a place to write it", e);
    }
  }
}
