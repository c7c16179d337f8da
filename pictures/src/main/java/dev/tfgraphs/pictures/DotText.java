package dev.tfgraphs.pictures;

import java.util.LinkedHashMap;
import java.util.Map;

/** A diagram in the language of Graphviz. */
final class DotText {
  private final DiagramStyle style;
  private final StringBuilder text = new StringBuilder();
  private final Map<Part, String> names = new LinkedHashMap<>();
  private int clusters;

  private DotText(DiagramStyle style) {
    this.style = style;
  }

  static String of(String name, Frame frame, DiagramStyle style) {
    DotText dot = new DotText(style);
    dot.line(0, "digraph " + quoted(name) + " {");
    dot.line(1, "rankdir=" + (style.leftToRight() ? "LR" : "TB") + ";");
    dot.line(1, "node [shape=box, style=filled, fontname=\"sans-serif\", fontsize=11];");
    dot.line(1, "edge [fontname=\"sans-serif\", fontsize=9];");
    dot.add(frame, 1);
    for (FlatLinks.Flat link : FlatLinks.of(frame, style::isOpen)) {
      String label = style.shapes() ? " [label=" + quoted(link.shape()) + "]" : "";
      dot.line(1, dot.nameOf(link.from()) + " -> " + dot.nameOf(link.to()) + label + ";");
    }
    dot.line(0, "}");
    return dot.text.toString();
  }

  private String nameOf(Part part) {
    return names.computeIfAbsent(part, key -> "n" + names.size());
  }

  private void add(Frame frame, int depth) {
    for (Part part : frame.parts()) {
      if (style.isOpen(part) && part.inside().isPresent()) {
        line(depth, "subgraph cluster_" + clusters++ + " {");
        line(depth + 1, "label=" + quoted(part.name()) + ";");
        add(part.inside().get(), depth + 1);
        line(depth, "}");
      } else {
        line(depth, nameOf(part) + " [" + attributes(part) + "];");
      }
    }
  }

  private String attributes(Part part) {
    boolean dashed = style.trainable() && part.frozen();
    return "label="
        + quoted(part.name() + "\n" + style.words(part))
        + ", fillcolor=\""
        + SvgText.colour(part.kind().ground())
        + "\", color=\""
        + SvgText.colour(part.kind().mark())
        + (dashed ? "\", style=\"filled,dashed\"" : "\"");
  }

  private void line(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** A string of Graphviz, in which a backslash begins what is no letter. */
  static String quoted(String said) {
    return '"' + said.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
