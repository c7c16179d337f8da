package dev.tfgraphs.pictures;

import com.google.common.io.Resources;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A model as a picture: layers as boxes, the shapes of tensors on the lines between them, what
 * Keras's {@code plot_model} shows, without Graphviz. {@code Diagram.of(model).writeSvg(file)}.
 *
 * <p>The longest way through the model is straight; shortcuts run beside it. Blocks are framed:
 * layers whose names say so, as those of {@code conv3_block4_1_conv} do, and where names say
 * nothing what lies between the layer at which ways part and the merge at which they join again.
 * Blocks of one name are stages, as {@code conv3}. Nested models are boxes that can be opened. A
 * layer that is used several times is one box, unless what it makes comes back to it.
 *
 * <p>The same model gives the same text everywhere.
 */
@CheckReturnValue
public final class Diagram {
  private static final int MOST_POINTS = 16_000;

  private final Model model;
  private final DiagramStyle style;

  /** Down to what a diagram is open. */
  public enum Detail {
    /** A stage is one box. */
    STAGES,
    /** A block is one box. */
    BLOCKS,
    /** Every layer is a box. */
    LAYERS
  }

  private Diagram(Model model, DiagramStyle style) {
    this.model = model;
    this.style = style;
  }

  /**
   * {@return the diagram of a model from above down, with shapes, all layers but those of nested
   * models, and no marks of what is frozen}
   */
  public static Diagram of(Model model) {
    return new Diagram(model, new DiagramStyle(true, false, false, false, Detail.LAYERS, true));
  }

  /** {@return this diagram with the shapes of tensors on the lines, or without} */
  public Diagram shapes(boolean shown) {
    return with(style.shapes(shown));
  }

  /** {@return this diagram with marks at layers and blocks whose weights are all frozen} */
  public Diagram trainable() {
    return with(style.markTrainable());
  }

  /** {@return this diagram from left to right} */
  public Diagram leftToRight() {
    return with(style.toTheRight());
  }

  /** {@return this diagram with nested models open, those in nested models too} */
  public Diagram expandNested() {
    return with(style.openNested());
  }

  /** {@return this diagram open down to {@code detail}; without blocks that makes no difference} */
  public Diagram detail(Detail detail) {
    return with(style.openTo(detail));
  }

  private Diagram with(DiagramStyle changed) {
    return new Diagram(model, changed);
  }

  /**
   * {@return the text of an SVG}
   *
   * <p>It has a white ground of its own, its texts are texts, and who points at a box is told the
   * layer's settings. Stages, blocks and nested models open and close by clicks, by a small script
   * inside; where scripts do not run, as in an {@code <img>}, they are as this diagram has them.
   */
  public String svg() {
    DiagramSheet sheet = sheet(style);
    SvgSurface surface = new SvgSurface();
    sheet.drawOn(surface);
    boolean right = style.leftToRight();
    String width = SvgText.number(sheet.width());
    String height = SvgText.number(sheet.height());
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" \
    font-family="DejaVu Sans,Helvetica,Arial,sans-serif" data-direction="%s" data-beside="%s" \
    data-least="%s">
    <title>%s</title>
    <defs><marker id="arrow" viewBox="0 0 7 7" refX="7" refY="3.5" markerWidth="7" \
    markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0L7,3.5L0,7z" \
    fill="#444444" stroke="none"/></marker></defs>
    <rect width="100%%" height="100%%" fill="#FFFFFF"/>
    <g fill="none" stroke-width="1.2">
    %s</g>
    <script>//<![CDATA[
    %s//]]></script>
    </svg>
    """
        .formatted(
            width,
            height,
            width,
            height,
            right ? "right" : "down",
            SvgText.number(sheet.beside()),
            SvgText.number(sheet.leastWidth()),
            SvgText.escaped(name()),
            surface,
            script());
  }

  private static String script() {
    try {
      return Resources.toString(
          Resources.getResource(Diagram.class, "diagram.js"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes {@link #svg}, whole or not at all.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public void writeSvg(Path file) {
    Picture.replace(file, svg().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * {@return this diagram to be written as PNG}
   *
   * @throws IllegalStateException if it is longer than 16,000 points, more than viewers show
   */
  public Picture picture() {
    DiagramSheet sheet = sheet(style.still());
    int width = (int) Math.ceil(sheet.width());
    int height = (int) Math.ceil(sheet.height());
    if (Math.max(width, height) > MOST_POINTS) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "diagram of '%s': expected at most %,d points in a picture, received %,d x %,d; write"
                  + " an SVG, or show blocks or stages alone",
              name(),
              MOST_POINTS,
              width,
              height));
    }
    return Picture.of(
        width, height, g -> sheet.drawOn(new GraphicsSurface(g, style.leftToRight())));
  }

  /** {@return this diagram in the language of Graphviz; what is open is a cluster} */
  public String dot() {
    return DotText.of(name(), FrameReader.read(model), style);
  }

  /** {@return this diagram as a flowchart of Mermaid; what is open is a subgraph} */
  public String mermaid() {
    return MermaidText.of(FrameReader.read(model), style);
  }

  private DiagramSheet sheet(DiagramStyle style) {
    String size = FrameReader.size(model.allLayers().size(), model.parameters());
    return new DiagramSheet(name(), size, FrameReader.read(model), style);
  }

  private String name() {
    return model.name().orElseGet(model::automaticName);
  }
}
