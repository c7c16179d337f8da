package dev.tfgraphs.pictures;

import dev.tfgraphs.graphs.HostTensor;
import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Images side by side, each with what a network takes it for. */
public final class PredictionGrid {

  private static final int COLUMNS = 8;
  private static final int LEAST_WIDTH = 520;
  private static final int SIDE = 96;
  private static final int CELL_WIDTH = 120;
  private static final int CELL_HEIGHT = 152;
  private static final int LABEL_WIDTH = 114;
  private static final int MARK_WIDTH = 14;
  private static final int LINE = 17;
  private static final int MARGIN = 16;
  private static final int HEADER = 68;

  /** The class a network chose for an image, and the probability it gave that class. */
  public record Guess(String name, double probability) {
    /** The likeliest of the classes, by the probabilities of all. */
    public static Guess of(HostTensor probabilities, List<String> classNames) {
      int best = probabilities.argMax();
      return new Guess(classNames.get(best), probabilities.values()[best]);
    }
  }

  private final PixelImages images;
  private final List<Guess> guesses;
  private final List<String> truths;

  private PredictionGrid(PixelImages images, List<Guess> guesses, List<String> truths) {
    this.images = images;
    this.guesses = List.copyOf(guesses);
    this.truths = List.copyOf(truths);
  }

  /**
   * A grid of all {@code images}, eight in a row. A wrong guess has a thick frame, a cross and the
   * true class, so that it is seen in black and white too.
   *
   * @param guesses one for each image
   * @param truths the true class of each image, or none if they are not known
   * @throws IllegalArgumentException if there is no image, or not as many guesses or truths
   */
  public static Picture of(
      String title, PixelImages images, List<Guess> guesses, List<String> truths) {
    int count = images.count();
    if (count == 0) {
      throw new IllegalArgumentException(
          "prediction grid: expected at least one image, received none");
    }
    requireCount("guesses", count, guesses.size());
    requireCount("true classes", count, truths.isEmpty() ? count : truths.size());
    PredictionGrid grid = new PredictionGrid(images, guesses, truths);
    int rows = (count + COLUMNS - 1) / COLUMNS;
    int width = Math.max(LEAST_WIDTH, Math.min(count, COLUMNS) * CELL_WIDTH + 2 * MARGIN);
    return Picture.of(width, HEADER + rows * grid.cellHeight(), g -> grid.paint(g, title, width));
  }

  private static void requireCount(String what, int expected, int received) {
    if (received != expected) {
      throw new IllegalArgumentException(
          "prediction grid: expected %d %s for %d images, received %d"
              .formatted(expected, what, expected, received));
    }
  }

  private void paint(Graphics2D g, String title, int width) {
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.BOLD, 16));
    g.drawString(Picture.fitted(g, title, width - 2 * MARGIN), MARGIN, 26);
    g.setFont(Picture.font(Font.PLAIN, 13));
    g.drawString(caption(), MARGIN, 48);
    for (int i = 0; i < guesses.size(); i++) {
      int x = MARGIN + (CELL_WIDTH - SIDE) / 2 + i % COLUMNS * CELL_WIDTH;
      int y = HEADER + i / COLUMNS * cellHeight();
      paintImage(g, i, x, y);
      paintLabel(g, i, x + SIDE / 2, y + SIDE + 20);
    }
  }

  private String caption() {
    if (truths.isEmpty()) {
      return "Predicted class and its probability";
    }
    long right = guesses.size() - wrongGuesses();
    return String.format(
        Locale.ROOT, "Predicted class and its probability; %d of %d right", right, guesses.size());
  }

  private long wrongGuesses() {
    return IntStream.range(0, guesses.size()).filter(this::isWrong).count();
  }

  private int cellHeight() {
    return wrongGuesses() > 0 ? CELL_HEIGHT + LINE : CELL_HEIGHT;
  }

  private boolean isWrong(int index) {
    return !truths.isEmpty() && !truths.get(index).equals(guesses.get(index).name());
  }

  private void paintImage(Graphics2D g, int index, int left, int top) {
    BufferedImage image = images.fitted(index, SIDE * Picture.SCALE);
    double width = (double) image.getWidth() / Picture.SCALE;
    double height = (double) image.getHeight() / Picture.SCALE;
    double x = left + Math.floor((SIDE - width) / 2);
    double y = top + Math.floor((SIDE - height) / 2);
    Picture.paintPixels(g, image, x, y);
    double frame = isWrong(index) ? 3 : 1;
    g.setColor(isWrong(index) ? Looks.ORANGE : Looks.FRAME);
    g.setStroke(new BasicStroke((float) frame));
    g.draw(new Rectangle2D.Double(x - frame / 2, y - frame / 2, width + frame, height + frame));
  }

  private void paintLabel(Graphics2D g, int index, int middle, int y) {
    Guess guess = guesses.get(index);
    boolean wrong = isWrong(index);
    g.setColor(wrong ? Looks.ORANGE : Looks.INK);
    g.setFont(Picture.font(wrong ? Font.BOLD : Font.PLAIN, 14));
    int mark = wrong ? MARK_WIDTH : 0;
    int start = centred(g, guess.name(), middle + mark / 2, y, LABEL_WIDTH - mark);
    if (wrong) {
      paintCross(g, start - 10, y - 5);
    }
    g.setColor(Looks.INK);
    g.setFont(Picture.font(Font.PLAIN, 12));
    String chance = String.format(Locale.ROOT, "%.1f %%", 100 * guess.probability());
    centred(g, chance, middle, y + LINE, LABEL_WIDTH);
    if (wrong) {
      centred(g, "is " + truths.get(index), middle, y + 2 * LINE, LABEL_WIDTH);
    }
  }

  /** Drawn, as not every font has a cross. */
  private static void paintCross(Graphics2D g, int x, int y) {
    g.setStroke(new BasicStroke(2));
    g.draw(new Line2D.Double(x - 4, y - 4, x + 4, y + 4));
    g.draw(new Line2D.Double(x - 4, y + 4, x + 4, y - 4));
  }

  /** Draws as much of a text as fits, and returns where it starts. */
  private static int centred(Graphics2D g, String text, int middle, int y, int most) {
    String shown = Picture.fitted(g, text, most);
    int start = middle - g.getFontMetrics().stringWidth(shown) / 2;
    g.drawString(shown, start, y);
    return start;
  }
}
