package dev.tfgraphs.examples;

import dev.tfgraphs.pictures.Diagram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs diagram}. */
@Command(
    name = "diagram",
    sortOptions = false,
    description = {
      "Draws a network: layers as boxes, the shapes of tensors between them, shortcuts beside the"
          + " main way. Graphviz is not needed.",
      "In an SVG, stages, blocks and nested models open and close by clicks."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " diagram resnet50 --output resnet50.svg --blocks",
      "  " + Shell.LAUNCHED + " diagram net.keras --output net.png --expand-nested",
      "  " + Shell.LAUNCHED + " diagram resnet18 --output resnet18.mmd      (Mermaid, for Markdown)"
    })
final class DiagramCommand implements Callable<Integer> {
  private static final String[] ENDINGS = {".svg", ".png", ".dot", ".mmd"};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = Architectures.NAMES + ", or a file: " + Architectures.FILES + ".")
  private String model = "";

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description =
          "Where to draw it: .svg or .png, .dot for Graphviz, or .mmd for Mermaid. A file that is"
              + " there is replaced.")
  private Path output = Path.of("");

  @Option(names = "--expand-nested", description = "Show what is in nested models.")
  private boolean expandNested;

  @Option(
      names = "--blocks",
      description = "Show each block as one box, such as conv3_block4 of a ResNet.")
  private boolean blocks;

  @Option(
      names = "--stages",
      description =
          "Show each stage as one box, such as conv3 of a ResNet: deep networks on a page.")
  private boolean stages;

  @Option(names = "--left-to-right", description = "Draw from left to right. Default: down.")
  private boolean leftToRight;

  @Option(names = "--no-shapes", description = "Leave out the shapes of tensors.")
  private boolean noShapes;

  @Option(names = "--trainable", description = "Mark what is frozen.")
  private boolean trainable;

  @Override
  public Integer call() {
    OutputFile file = new OutputFile("--output", output).check(ENDINGS);
    if (blocks && stages) {
      throw new CommandException("--blocks: expected --blocks or --stages, received both");
    }
    Optional<Path> read =
        Architectures.isFile(model) ? Optional.of(Path.of(model)) : Optional.empty();
    read.ifPresent(path -> file.checkIsNot("MODEL", path));
    Diagram diagram = styled(Diagram.of(Architectures.of("MODEL", model)));
    byte[] bytes = bytes(diagram);
    file.write(fresh -> Files.write(fresh, bytes));
    spec.commandLine().getOut().println(output);
    return 0;
  }

  private Diagram styled(Diagram plain) {
    Diagram diagram = plain.shapes(!noShapes);
    diagram = expandNested ? diagram.expandNested() : diagram;
    diagram = blocks ? diagram.detail(Diagram.Detail.BLOCKS) : diagram;
    diagram = stages ? diagram.detail(Diagram.Detail.STAGES) : diagram;
    diagram = leftToRight ? diagram.leftToRight() : diagram;
    return trainable ? diagram.trainable() : diagram;
  }

  private byte[] bytes(Diagram diagram) {
    String name = output.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return png(diagram);
    }
    String text =
        name.endsWith(".svg")
            ? diagram.svg()
            : name.endsWith(".dot") ? diagram.dot() : diagram.mermaid();
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] png(Diagram diagram) {
    try {
      return diagram.picture().png();
    } catch (IllegalStateException e) {
      throw new CommandException("--output: " + e.getMessage(), e);
    }
  }
}
