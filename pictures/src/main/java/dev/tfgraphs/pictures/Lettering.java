package dev.tfgraphs.pictures;

import java.awt.Color;
import java.util.Arrays;

/** The kinds of texts of a diagram, and how wide they are. */
enum Lettering {
  TITLE(15, true, 0x111111),
  NAME(12, true, 0x111111),
  WORDS(10.5, false, 0x333333),
  LABEL(10, false, 0x333333);

  /** The widths of DejaVu Sans, than which other fonts without serifs are narrower. */
  private static final double[] WIDTHS = new double[128];

  /** How much wider a bold letter is. */
  private static final double BOLDER = 0.09;

  private final double size;
  private final boolean bold;
  private final Color colour;

  Lettering(double size, boolean bold, int colour) {
    this.size = size;
    this.bold = bold;
    this.colour = new Color(colour);
  }

  static {
    Arrays.fill(WIDTHS, 0.64);
    set(0.32, " ,.");
    set(0.28, "ijl'|");
    set(0.40, "ftrI()[]:;-!\"/\\");
    set(0.56, "_sckvxyzJ*?");
    set(0.74, "ABCDEFGHKLNOPQRSTUVXYZ&");
    set(0.84, "w+=<>#~");
    set(0.99, "mMW@%");
  }

  private static void set(double width, String letters) {
    letters.chars().forEach(letter -> WIDTHS[letter] = width);
  }

  /** In points. */
  double size() {
    return size;
  }

  boolean isBold() {
    return bold;
  }

  Color colour() {
    return colour;
  }

  /** How many points {@code text} takes at most, whatever fonts a machine has. */
  double width(String text) {
    double width = text.chars().mapToDouble(c -> c < 128 ? WIDTHS[c] : c < 0x2e80 ? 0.84 : 1).sum();
    return size * (width + (bold ? BOLDER * text.length() : 0));
  }
}
