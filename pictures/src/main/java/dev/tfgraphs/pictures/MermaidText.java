package dev.tfgraphs.pictures;

import java.util.LinkedHashMap;
import java.util.Map;

/** A diagram as a flowchart of Mermaid. */
final class MermaidText {
  private final DiagramStyle style;
  private final StringBuilder text = new StringBuilder();
  private final Map<Part, String> names = new LinkedHashMap<>();
  private int subgraphs;

  private MermaidText(DiagramStyle style) {
    this.style = style;
  }

  static String of(Frame frame, DiagramStyle style) {
    MermaidText mermaid = new MermaidText(style);
    mermaid.line(0, "flowchart " + (style.leftToRight() ? "LR" : "TD"));
    mermaid.add(frame, 1);
    for (FlatLinks.Flat link : FlatLinks.of(frame, style::isOpen)) {
      String label = style.shapes() ? "|" + quoted(link.shape()) + "|" : "";
      mermaid.line(
          1, mermaid.nameOf(link.from()) + " -->" + label + " " + mermaid.nameOf(link.to()));
    }
    mermaid.colours();
    return mermaid.text.toString();
  }

  private String nameOf(Part part) {
    return names.computeIfAbsent(part, key -> "n" + names.size());
  }

  private void add(Frame frame, int depth) {
    for (Part part : frame.parts()) {
      if (style.isOpen(part) && part.inside().isPresent()) {
        line(depth, "subgraph s" + subgraphs++ + "[" + quoted(part.name()) + "]");
        add(part.inside().get(), depth + 1);
        line(depth, "end");
      } else {
        String words = quoted(part.name(), style.words(part));
        line(depth, nameOf(part) + "[" + words + "]:::" + part.kind().label().replace(' ', '_'));
      }
    }
  }

  private void colours() {
    names.keySet().stream()
        .map(Part::kind)
        .distinct()
        .sorted()
        .forEach(
            kind ->
                line(
                    1,
                    "classDef "
                        + kind.label().replace(' ', '_')
                        + " fill:"
                        + SvgText.colour(kind.ground())
                        + ",stroke:"
                        + SvgText.colour(kind.mark())
                        + ",color:#111111"));
    names.keySet().stream()
        .filter(part -> style.trainable() && part.frozen())
        .forEach(part -> line(1, "style " + nameOf(part) + " stroke-dasharray:5 3"));
  }

  private void line(int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** Lines as a string of Mermaid, which reads HTML and has codes of its own for its marks. */
  static String quoted(String... lines) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < lines.length; i++) {
      quoted.append(i == 0 ? "" : "<br/>");
      lines[i].codePoints().forEach(c -> append(c, quoted));
    }
    return quoted.append('"').toString();
  }

  private static void append(int c, StringBuilder quoted) {
    switch (c) {
      case '"' -> quoted.append("#quot;");
      case '<' -> quoted.append("#lt;");
      case '>' -> quoted.append("#gt;");
      case '&' -> quoted.append("#amp;");
      case '#', '`', '*', '\\' -> quoted.append('#').append(c).append(';');
      case '\n' -> quoted.append("<br/>");
      default -> quoted.appendCodePoint(c);
    }
  }
}
