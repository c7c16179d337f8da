package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagramCommandTest {
  @TempDir private Path folder;

  @Test
  void drawsANetworkByItsName() {
    Path file = folder.resolve("net.svg");
    assertEquals(file + "\n", Cli.run("diagram", "resnet20", "--output", file).succeeded().out());
    List<String> texts = Svg.read(file).texts();
    assertTrue(texts.contains("resnet20"), texts.toString());
    assertTrue(texts.contains("(None, 32, 32, 16)"), texts.toString());
    assertTrue(texts.contains("73 layers, 274,826 parameters"), texts.toString());
  }

  @Test
  void theEndingSaysWhatIsWrittenAndAFileThatIsThereIsReplaced() throws IOException {
    Path png = Files.writeString(folder.resolve("net.PNG"), "old");
    Cli.run("diagram", "resnet20", "--output", png, "--blocks").succeeded();
    assertTrue(ImageIO.read(png.toFile()).getHeight() > 1000);
    Path dot = folder.resolve("net.dot");
    Cli.run("diagram", "resnet20", "--output", dot, "--left-to-right").succeeded();
    assertTrue(Files.readString(dot).contains("  rankdir=LR;\n"));
    Path mermaid = folder.resolve("net.mmd");
    Cli.run("diagram", "resnet50", "--output", mermaid, "--stages", "--no-shapes").succeeded();
    String text = Files.readString(mermaid);
    assertTrue(text.contains("\"conv2<br/>3 blocks, 32 layers, 220,032 parameters\""), text);
    assertFalse(text.contains("None"), text);
  }

  @Test
  void drawsTheNetworkOfAFile() throws IOException {
    Path model = Path.of("src/test/resources/dev/tfgraphs/examples/fit/several.keras");
    Path dot = folder.resolve("net.dot");
    Cli.run("diagram", model, "--output", dot, "--expand-nested", "--trainable").succeeded();
    assertTrue(Files.readString(dot).contains("Dense"), Files.readString(dot));
  }

  @Test
  void aFileIsNotReplacedByItsOwnDiagram() throws IOException {
    Path file = folder.resolve("net.svg");
    byte[] bytes =
        Files.readAllBytes(Path.of("src/test/resources/dev/tfgraphs/examples/fit/several.keras"));
    Files.write(file, bytes);
    Cli.Outcome result = Cli.run("diagram", file, "--output", file);
    assertEquals(
        "tfgraphs diagram: --output: expected another place than that of MODEL, received '"
            + file
            + "'\n",
        result.err());
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }
}
