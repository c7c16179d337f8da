package dev.tfgraphs.pictures;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.flatten;
import static dev.tfgraphs.ops.Layers.flip;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagramTest {
  @TempDir Path folder;

  /** A block of He et al. (2015) and a classifier. */
  private static Model residual() {
    Node x = input("image", 8, 8, 3);
    Node y =
        x.to(conv2D(3, 3).padding(SAME).useBias(false).name("conv"))
            .to(batchNormalization().name("bn"));
    Node out = add(y, x).to(relu().name("out"));
    return Model.of(
            x,
            out.to(globalAveragePooling2D().name("pool"))
                .to(dense(10).activation(SOFTMAX).name("classes")))
        .name("small");
  }

  @Test
  void graphviz_is_told_a_residual_block() {
    assertEquals(
        """
        digraph "small" {
          rankdir=TB;
          node [shape=box, style=filled, fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=9];
          n0 [label="image\\nInputLayer", fillcolor="#F0F0F0", color="#000000"];
          subgraph cluster_0 {
            label="block 1";
            n1 [label="conv\\nConv2D 3\u00d73, 3", fillcolor="#E3F0F8", color="#0072B2"];
            n2 [label="bn\\nBatchNormalization", fillcolor="#EFF8FD", color="#56B4E9"];
            n3 [label="add\\nAdd", fillcolor="#FCE8DC", color="#D55E00"];
            n4 [label="out\\nActivation relu", fillcolor="#FDF4E0", color="#E69F00"];
          }
          n5 [label="pool\\nGlobalAveragePooling2D", fillcolor="#E0F3ED", color="#009E73"];
          n6 [label="classes\\nDense 10, softmax", fillcolor="#F9ECF3", color="#CC79A7"];
          n1 -> n2 [label="(None, 8, 8, 3)"];
          n2 -> n3 [label="(None, 8, 8, 3)"];
          n3 -> n4 [label="(None, 8, 8, 3)"];
          n0 -> n1 [label="(None, 8, 8, 3)"];
          n0 -> n3 [label="(None, 8, 8, 3)"];
          n4 -> n5 [label="(None, 8, 8, 3)"];
          n5 -> n6 [label="(None, 3)"];
        }
        """,
        Diagram.of(residual()).dot());
  }

  @Test
  void mermaid_is_told_a_residual_block_as_one_box_from_left_to_right() {
    assertEquals(
        """
        flowchart LR
          n0["image<br/>InputLayer"]:::input
          n1["block 1<br/>4 layers, 93 parameters"]:::several_layers
          n2["pool<br/>GlobalAveragePooling2D"]:::pooling
          n3["classes<br/>Dense 10, softmax"]:::dense
          n0 --> n1
          n1 --> n2
          n2 --> n3
          classDef input fill:#F0F0F0,stroke:#000000,color:#111111
          classDef pooling fill:#E0F3ED,stroke:#009E73,color:#111111
          classDef dense fill:#F9ECF3,stroke:#CC79A7,color:#111111
          classDef several_layers fill:#FFFFFF,stroke:#444444,color:#111111
        """,
        Diagram.of(residual()).detail(Diagram.Detail.BLOCKS).shapes(false).leftToRight().mermaid());
  }

  @Test
  void mermaid_is_told_shapes_and_frames() {
    String text = Diagram.of(residual()).mermaid();
    assertTrue(text.startsWith("flowchart TD\n  n0[\"image<br/>InputLayer\"]:::input\n"), text);
    assertTrue(text.contains("\n  subgraph s0[\"block 1\"]\n    n1[\"conv<br/>"), text);
    assertTrue(text.contains("\n  end\n"), text);
    assertTrue(text.contains("\n  n5 -->|\"(None, 3)\"| n6\n"), text);
  }

  @Test
  void odd_characters_are_no_marks_of_any_language() {
    assertEquals("\"a\\\"b\\\\c\\n<d/>\"", DotText.quoted("a\"b\\c\n<d/>"));
    assertEquals(
        "\"a#quot;[b]#lt;c/#gt; #35;1; #amp;amp; #96;#42;#92;<br/>\u00fc\"",
        MermaidText.quoted("a\"[b]<c/> #1; &amp; `*\\", "\u00fc"));
    assertEquals(
        "&lt;a b=&quot;c&quot;/&gt;&amp;\ufffd\u00fc",
        SvgText.escaped("<a b=\"c\"/>&\u0001\u00fc"));
  }

  @Test
  void an_svg_has_its_texts_and_settings() {
    Svg svg = svg(Diagram.of(residual()));
    List<String> texts = svg.texts();
    for (String text :
        List.of(
            "small",
            "7 layers, 133 parameters",
            "conv",
            "Conv2D 3\u00d73, 3",
            "add",
            "Dense 10, softmax",
            "(None, 8, 8, 3)",
            "(None, 3)",
            "convolution",
            "merge",
            "\u2212 block 1")) {
      assertTrue(texts.contains(text), text + " in " + texts);
    }
    assertFalse(texts.contains("other"), "no such layer is there");
    List<String> tips =
        svg.elements("title").stream().map(title -> title.getTextContent()).toList();
    assertEquals("small", tips.get(0));
    String conv = tips.stream().filter(tip -> tip.startsWith("Conv2D\n")).findFirst().orElseThrow();
    assertTrue(
        conv.startsWith(
            "Conv2D\nfilters: 3\nkernel_size: (3, 3)\nstrides: (1, 1)\npadding: same\n"),
        conv);
    assertTrue(conv.endsWith("\noutput: (None, 8, 8, 3)\nparameters: 81"), conv);
    assertEquals(1, svg.elements("script").size());
  }

  @Test
  void shapes_can_be_left_out() {
    String svg = Diagram.of(residual()).shapes(false).svg();
    assertFalse(svg.contains(">(None"), svg);
  }

  @Test
  void the_main_way_is_straight_and_the_shortcut_beside_it() {
    List<String> lines =
        svg(Diagram.of(residual()).shapes(false)).elements("path").stream()
            .map(path -> path.getAttribute("d"))
            .filter(path -> path.contains("C"))
            .toList();
    assertEquals(1, lines.size(), "lines that turn");
    assertEquals(2, lines.get(0).chars().filter(c -> c == 'C').count(), lines.get(0));
  }

  @Test
  void nested_models_are_closed_until_asked_for() {
    Node inner = input("inner", 4);
    Model deepest = Model.of(inner, inner.to(dense(4).name("deepest"))).name("third");
    Node middle = input("middle", 4);
    Model nested = Model.of(middle, middle.to(deepest)).name("second");
    Node x = input("outer", 4);
    Diagram diagram = Diagram.of(Model.of(x, x.to(nested)).name("first"));
    assertEquals(1, diagram.dot().lines().filter(line -> line.contains("->")).count());
    assertTrue(
        diagram.dot().contains("label=\"second\\nFunctional, 3 layers, 20 parameters\""),
        diagram.dot());
    String open = diagram.expandNested().dot();
    assertEquals(
        List.of("label=\"second\";", "label=\"third\";"),
        open.lines().map(String::strip).filter(line -> line.startsWith("label")).toList());
    assertEquals(
        List.of(
            "n2 -> n3 [label=\"(None, 4)\"];",
            "n1 -> n2 [label=\"(None, 4)\"];",
            "n0 -> n1 [label=\"(None, 4)\"];"),
        open.lines().map(String::strip).filter(line -> line.contains("->")).toList());
    assertTrue(svg(diagram).texts().contains("deepest"), "to be opened");
    assertFalse(hasText(diagram, "deepest"));
  }

  private static boolean hasText(Diagram diagram, String text) {
    return diagram.picture().svg().contains(">" + text + "<");
  }

  @Test
  void a_shared_layer_is_one_box() {
    Node a = input("a", 4);
    Node b = input("b", 4);
    Dense shared = dense(3).name("shared");
    Model model = Model.of(List.of(a, b), List.of(add(a.to(shared), b.to(shared))));
    String dot = Diagram.of(model).dot();
    assertTrue(dot.contains("label=\"shared\\nDense 3, used 2 times\""), dot);
    assertEquals(3, dot.lines().filter(line -> line.contains("->")).count(), dot);
    assertTrue(svg(Diagram.of(model)).texts().contains("(None, 3) and 1 more"));
  }

  @Test
  void a_layer_that_sees_its_own_result_is_a_box_for_each_use() {
    Node x = input("x", 8, 8, 3);
    Conv2D shared = conv2D(3, 3).padding(SAME).name("again");
    String dot = Diagram.of(Model.of(x, x.to(shared).to(relu()).to(shared))).dot();
    assertTrue(dot.contains("label=\"again\\nConv2D 3\u00d73, 3, use 1 of 2\""), dot);
    assertTrue(dot.contains("label=\"again\\nConv2D 3\u00d73, 3, use 2 of 2\""), dot);
  }

  @Test
  void blocks_and_stages_are_known_by_their_names() {
    Node x = input("image", 8, 8, 3);
    Node y = x;
    for (String block : List.of("conv2_block1", "conv2_block2", "conv3_block1")) {
      y = y.to(conv2D(3, 1).name(block + "_1_conv")).to(relu().name(block + "_out"));
    }
    Diagram diagram = Diagram.of(Model.of(x, y));
    assertEquals(
        List.of("image", "conv2", "conv3_block1"), names(diagram.detail(Diagram.Detail.STAGES)));
    assertEquals(
        List.of("image", "conv2_block1", "conv2_block2", "conv3_block1"),
        names(diagram.detail(Diagram.Detail.BLOCKS)));
    assertEquals(7, names(diagram).size());
  }

  private static List<String> names(Diagram diagram) {
    return diagram
        .dot()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("n") && line.contains("fillcolor"))
        .map(line -> line.replaceAll(".*label=\"([^\\\\]*).*", "$1"))
        .toList();
  }

  @Test
  void a_block_by_name_that_a_way_leaves_and_enters_is_no_box() {
    Node x = input("image", 4, 4, 3);
    Node first = x.to(conv2D(3, 1).name("block1_a"));
    Node beside = first.to(relu().name("beside"));
    Model model = Model.of(x, add(first.to(relu().name("block1_b")), beside));
    Model closing = Model.of(x, model.output().to(relu().name("block1_c")));
    assertEquals(
        List.of("image", "block1_a", "block1_b", "beside", "add", "block1_c"),
        names(Diagram.of(closing).detail(Diagram.Detail.BLOCKS)));
  }

  @Test
  void frozen_layers_are_marked_when_asked_for() {
    Model model = residual().freeze("conv", "bn");
    assertFalse(Diagram.of(model).dot().contains("frozen"));
    Diagram marked = Diagram.of(model).trainable();
    assertTrue(marked.dot().contains("Conv2D 3\u00d73, 3, frozen\""), marked.dot());
    assertEquals(2, marked.dot().lines().filter(line -> line.contains("filled,dashed")).count());
    assertEquals(
        2, marked.mermaid().lines().filter(line -> line.endsWith(" stroke-dasharray:5 3")).count());
    // all of the block's weights are in these two
    assertTrue(svg(marked).texts().contains("4 layers, 93 parameters, frozen"));
    assertTrue(marked.svg().contains("stroke-dasharray=\"5 3\""));
  }

  @Test
  void a_picture_is_of_the_size_of_the_diagram() throws IOException {
    Picture picture = Diagram.of(residual()).picture();
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    assertEquals(2 * picture.height(), image.getHeight());
    assertTrue(hasText(Diagram.of(residual()), "(None, 8, 8, 3)"));
    assertTrue(hasText(Diagram.of(residual()), "bn"));
  }

  @Test
  void a_picture_longer_than_viewers_show_is_refused() {
    Node x = input("x", 4);
    Node y = Stream.iterate(x, node -> node.to(dense(4))).skip(300).findFirst().orElseThrow();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class, () -> Diagram.of(Model.of(x, y).name("long")).picture());
    assertEquals(
        "diagram of 'long': expected at most 16,000 points in a picture, received 452 x 20,540;"
            + " write an SVG, or show blocks or stages alone",
        thrown.getMessage());
  }

  @Test
  void layers_that_keras_has_not_are_called_by_their_class() {
    Node x = input("x", 4, 4, 1);
    String dot = Diagram.of(Model.of(x, x.to(flip(1).name("turned")))).dot();
    assertTrue(dot.contains("label=\"turned\\nFlip"), dot);
  }

  @Test
  void one_layer_is_a_diagram() {
    Node x = input("x", 4, 4, 1);
    assertEquals(2, names(Diagram.of(Model.of(x, x.to(flatten())))).size());
    assertEquals(List.of("x"), names(Diagram.of(Model.of(x, x))));
    svg(Diagram.of(Model.of(x, x)));
  }

  private Svg svg(Diagram diagram) {
    Path file = folder.resolve("diagram.svg");
    diagram.writeSvg(file);
    return Svg.read(file);
  }
}
