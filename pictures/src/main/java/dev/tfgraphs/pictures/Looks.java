package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Locale;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What pictures have in common. Colours are those of Okabe and Ito, which colour-blind readers tell
 * apart; dashes and markers say the same in black and white.
 */
final class Looks {
  static final Color INK = new Color(0x222222);
  static final Color GRID = new Color(0xe3e3e3);
  static final Color FRAME = new Color(0xbbbbbb);
  static final Color GREY = new Color(0x777777);
  static final Color BLUE = new Color(0x0072b2);
  static final Color ORANGE = new Color(0xd55e00);
  static final Color GREEN = new Color(0x009e73);

  /** Yellow is left out, which is hard to see on white. */
  static final ImmutableList<Color> COLOURS =
      ImmutableList.of(
          BLUE,
          ORANGE,
          GREEN,
          new Color(0xcc79a7),
          Color.BLACK,
          new Color(0xe69f00),
          new Color(0x56b4e9));

  /** Not as many as colours, so that no two of many curves have both in common. */
  private static final ImmutableList<Marker> MARKERS =
      ImmutableList.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.CROSS,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.PLUS,
          SeriesMarkers.OVAL,
          SeriesMarkers.RECTANGLE,
          SeriesMarkers.TRAPEZOID);

  private static final ImmutableList<BasicStroke> STROKES =
      ImmutableList.of(line(), line(6, 4), line(2, 3), line(10, 3, 2, 3));

  /** What tells a curve from others. */
  record Look(Color colour, BasicStroke stroke, Marker marker) {}

  private Looks() {}

  /** That of the curve of a number. */
  static Look of(int number) {
    return of(number, number);
  }

  /** Families differ in colours and markers, members of a family in dashes. */
  static Look of(int family, int member) {
    return new Look(
        COLOURS.get(family % COLOURS.size()),
        STROKES.get(member % STROKES.size()),
        MARKERS.get(family % MARKERS.size()));
  }

  static BasicStroke line(float... dashes) {
    return new BasicStroke(
        2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashes.length == 0 ? null : dashes, 0);
  }

  static Color faint(Color colour, int opaque) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), opaque);
  }

  /** A number for an axis: {@code 0.05}, {@code 250}, {@code 1.5e-8}, with six digits at most. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size >= 1e-3 && size < 1e5) {
      return trimmed(String.format(Locale.ROOT, "%.6f", Double.parseDouble(rounded(value))));
    }
    String[] parts = rounded(value).split("e", -1);
    return trimmed(parts[0]) + "e" + Integer.parseInt(parts[1]);
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.5e", value);
  }

  private static String trimmed(String number) {
    return number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
  }
}
