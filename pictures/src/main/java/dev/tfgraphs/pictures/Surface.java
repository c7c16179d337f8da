package dev.tfgraphs.pictures;

import java.awt.Color;
import java.awt.geom.Path2D;
import java.util.List;
import java.util.Map;

/** What a diagram is drawn on: an SVG, or a picture. */
interface Surface {
  /** Whether what is not to be seen now is kept, to be seen later. */
  boolean keepsHidden();

  /**
   * Begins what belongs together; its places count from {@code (x, y)}.
   *
   * @param shown whether it is to be seen
   * @param attributes what a script reads
   */
  void begin(double x, double y, boolean shown, Map<String, String> attributes);

  void end();

  /** What a reader is told who points at what was begun last. */
  void tip(List<String> lines);

  void box(double x, double y, double width, double height, Color ground, Stroke stroke);

  void line(Path2D path, boolean arrow, Map<String, String> attributes);

  /** A text at its left end, or its middle, on its base line. */
  void text(double x, double y, boolean middle, Lettering lettering, String text);

  /** The border of a box. */
  enum Stroke {
    NONE(Color.WHITE),
    PLAIN(new Color(0x8C8C8C)),
    /** Of what can be opened or closed. */
    STRONG(new Color(0x444444)),
    /** Of what is frozen. */
    DASHED(new Color(0x444444));

    private final Color colour;

    Stroke(Color colour) {
      this.colour = colour;
    }

    Color colour() {
      return colour;
    }
  }
}
