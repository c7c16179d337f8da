package dev.tfgraphs.pictures;

/**
 * What a diagram shows.
 *
 * @param shapes whether lines say the shapes of tensors
 * @param trainable whether frozen layers are marked
 * @param leftToRight whether tensors go from left to right, not down
 * @param expandNested whether nested models are open
 * @param detail down to what the rest is open
 * @param folding whether what is closed can be opened, so that room is kept for it
 */
record DiagramStyle(
    boolean shapes,
    boolean trainable,
    boolean leftToRight,
    boolean expandNested,
    Diagram.Detail detail,
    boolean folding) {
  /** Points between what lies side by side. */
  static final double GAP = 14;

  /** The height of a label, and of a box. */
  static final double LABEL = 14;

  static final double BOX = 38;

  /** The bar at a box's left. */
  static final double BAR = 6;

  /** The length of an arrow's head, in which {@code diagram.js} keeps lines straight, too. */
  static final double ARROW = 7;

  private static final double MARGIN = 9;
  private static final double SIDE = 12;
  private static final double HEADER = 24;

  boolean isOpen(Part part) {
    return switch (part.role()) {
      case NESTED -> expandNested;
      case BLOCK -> detail == Diagram.Detail.LAYERS;
      case STAGE -> detail != Diagram.Detail.STAGES;
      case LAYER, START, END -> false;
    };
  }

  DiagramStyle shapes(boolean shown) {
    return new DiagramStyle(shown, trainable, leftToRight, expandNested, detail, folding);
  }

  DiagramStyle markTrainable() {
    return new DiagramStyle(shapes, true, leftToRight, expandNested, detail, folding);
  }

  DiagramStyle toTheRight() {
    return new DiagramStyle(shapes, trainable, true, expandNested, detail, folding);
  }

  DiagramStyle openNested() {
    return new DiagramStyle(shapes, trainable, leftToRight, true, detail, folding);
  }

  DiagramStyle openTo(Diagram.Detail other) {
    return new DiagramStyle(shapes, trainable, leftToRight, expandNested, other, folding);
  }

  /** This style without room for what might be opened. */
  DiagramStyle still() {
    return new DiagramStyle(shapes, trainable, leftToRight, expandNested, detail, false);
  }

  /** Points between lines at a box. */
  double port() {
    return leftToRight ? 8 : 14;
  }

  /** What is written first in a box. */
  static String heading(Part part) {
    return part.inside().isPresent() ? "+ " + part.name() : part.name();
  }

  /** What is written below it. */
  String words(Part part) {
    return part.words() + (trainable && part.frozen() ? ", frozen" : "");
  }

  /** The width of a closed box, from its texts. */
  double boxWidth(Part part) {
    double name = Lettering.NAME.width(heading(part));
    double words = Lettering.WORDS.width(words(part));
    return Math.ceil(BAR + 2 * MARGIN + Math.max(name, words));
  }

  /** How far a text in a box is from its left side. */
  static double indent() {
    return BAR + MARGIN;
  }

  double labelWidth(String label) {
    return label.isEmpty() ? 0 : Math.ceil(Lettering.LABEL.width(label)) + 6;
  }

  /** Where texts run along the flow, a label takes its width of it, and otherwise its height. */
  double labelAlong(String label) {
    return label.isEmpty() ? 0 : leftToRight ? labelWidth(label) + 4 : LABEL + 3;
  }

  double labelAcross(String label) {
    return label.isEmpty() ? 0 : leftToRight ? LABEL : labelWidth(label);
  }

  double boxAlong(double width) {
    return leftToRight ? width : BOX;
  }

  double boxAcross(double width) {
    return leftToRight ? BOX : width;
  }

  /** From the side at which tensors enter a frame to its first row. */
  double frameStart() {
    return leftToRight ? SIDE : HEADER;
  }

  double frameEnd() {
    return leftToRight ? SIDE : SIDE / 2;
  }

  /** From a frame's left, or its top where tensors go to the right, to what is in it. */
  double frameLeft() {
    return leftToRight ? HEADER : SIDE;
  }

  double frameRight() {
    return SIDE;
  }

  /** What a frame's name needs at its left. */
  double headerAcross(Part part) {
    return leftToRight ? 0 : Math.ceil(Lettering.NAME.width("\u2212 " + part.name())) + SIDE;
  }
}
