package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** One page about a run, and one about several. {@code conformance/report_check.py} opens them. */
@TestInstance(Lifecycle.PER_CLASS)
class ReportCommandTest {
  private Path folder = Path.of("");
  private Path first = Path.of("");
  private Path second = Path.of("");
  private Path third = Path.of("");

  @BeforeAll
  void train(@TempDir Path temporary) {
    folder = temporary;
    first = trained("first", 1, 1);
    second = trained("second", 1, 2);
    third = trained("third", 2, 1);
  }

  private Path trained(String name, int epochs, int seed) {
    Path run = folder.resolve(name);
    Cli.run(
            "train",
            "--quiet",
            "--device",
            "cpu",
            "--limit",
            40,
            "--output",
            run,
            "--epochs",
            epochs,
            "--seed",
            seed)
        .succeeded();
    return run;
  }

  @Test
  void thePageOfARunSaysAllOfIt() throws IOException {
    Cli.Outcome outcome = Cli.run("report", first).succeeded();
    Path page = first.resolve("report.html");
    assertTrue(outcome.out().endsWith("Written to " + page + "\n"), outcome.out());
    String html = Files.readString(page);
    assertEquals("resnet20 on digits", found(html, "<title>(.*?)</title>"));
    assertEquals("274,538", found(html, "<dt>Parameters</dt><dd>(.*?)</dd>"));
    assertEquals("40", found(html, "<dt>Samples to learn from</dt><dd>(.*?)</dd>"));
    assertEquals("1", found(html, "<dt>Epochs</dt><dd>(.*?)</dd>"));
    assertEquals(
        "./tfgraphs train --data digits --model resnet20 --epochs 1 --batch-size 16 --optimizer"
            + " adam --learning-rate 0.002 --image-size 32 --seed 1 --device cpu --limit 40",
        found(html, "<pre>(.*?)</pre>"));
    assertEquals("2.18.0", found(html, "<dt>tensorflow</dt><dd>(.*?)</dd>"));
    assertTrue(html.contains("alt=\"Learning curves: a value for each epoch.\""));
    assertTrue(html.contains("alt=\"Test images and what the network takes them for.\""));
  }

  @Test
  void thePageLooksIntoTheNetwork() throws IOException {
    Path page = folder.resolve("network.html");
    Cli.run("report", first, "--output", page, "--quiet").succeeded();
    String html = Files.readString(page);
    String said = found(html, "What the layers make of an image</h2>\\s*<p>(.*?)</p>");
    assertTrue(said.matches("The first of the held-out images: 2, taken for \\d\\."), said);
    for (String layer : List.of("activation_6", "activation_12", "activation_18")) {
      assertTrue(html.contains("alt=\"Channels of the layer " + layer + ".\""), layer);
    }
    assertTrue(html.contains("alt=\"Where the network sees the class 2: Grad-CAM.\""));
    assertTrue(
        html.contains(
            "alt=\"How strong the gradients of the loss of held-out images arrive at each"
                + " kernel.\""));
    String network =
        found(html, "alt=\"The network, a box for each block\\.\" src=\"data:[^,]*,(.*?)\"");
    String svg = new String(Base64.getDecoder().decode(network), StandardCharsets.UTF_8);
    assertTrue(svg.contains("75 layers, 274,538 parameters"), svg);
    assertFalse(svg.contains("\u2026"), "a text is cut");
  }

  @Test
  void whatNeedsDataThatAreGoneIsLeftOutAndThePageSaysSo() throws IOException {
    Path moved = trained("moved", 1, 4);
    Path settings = moved.resolve("run.json");
    Files.writeString(
        settings, Files.readString(settings).replace("\"data\": \"digits\"", "\"data\": \"gone\""));
    Cli.run("report", moved, "--quiet").succeeded();
    String html = Files.readString(moved.resolve("report.html"));
    assertEquals(
        "Left out: --data: expected what the run was trained on, &#39;gone&#39;, received nothing"
            + " there",
        found(html, "Gradient flow</h2>\\s*<p>(.*?)</p>"));
    assertTrue(html.contains("alt=\"The network, a box for each block.\""));
  }

  @Test
  void aGalleryThatIsStoppedSaysSo() {
    Path gallery = folder.resolve("gallery");
    Interrupt interrupt = new Interrupt();
    interrupt.request(2);
    assertEquals(130, Cli.run(interrupt, "gallery", "--output", gallery).code());
    assertTrue(Files.notExists(gallery.resolve("README.md")));
  }

  @Test
  void aGalleryDoesNotReplaceAnothersReadme() throws IOException {
    Path project = Files.createDirectory(folder.resolve("project"));
    Files.writeString(project.resolve("README.md"), "# Mine\n");
    assertEquals(
        "tfgraphs gallery: --output: expected a folder whose README.md is that of a gallery,"
            + " received '"
            + project
            + "'\n",
        Cli.run("gallery", "--output", project).err());
    assertEquals("# Mine\n", Files.readString(project.resolve("README.md")));
  }

  private Path copied(String name, Path of, String setting, String other) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    Files.copy(of.resolve("history.csv"), copy.resolve("history.csv"));
    String settings = Files.readString(of.resolve("run.json"));
    assertTrue(settings.contains(setting), settings);
    Files.writeString(copy.resolve("run.json"), settings.replace(setting, other));
    return copy;
  }

  @Test
  void whatDivergedIsLeftOutAndCounted() throws IOException {
    Path diverged = copied("diverged", second, "\"diverged\": false", "\"diverged\": true");
    String out =
        Cli.run("compare", first, diverged, "--output", folder.resolve("left")).succeeded().out();
    assertTrue(out.lines().toList().get(1).matches("resnet20 on digits +1 .* +1"), out);
    assertFalse(out.contains("\u00b1"), out);
  }

  @Test
  void anOptionThatARunLacksIsSaid() throws IOException {
    Path all = copied("all", first, "\"limit\": 40", "\"device\": \"cpu\"");
    List<String> lines =
        Cli.run("compare", first, all, "--output", folder.resolve("lacking"))
            .succeeded()
            .out()
            .lines()
            .toList();
    assertTrue(lines.get(1).startsWith("limit 40 "), lines.get(1));
    assertTrue(lines.get(2).startsWith("no limit "), lines.get(2));
  }

  @Test
  void aNumberThatIsNoneIsShownAsSuch() throws IOException {
    Path odd = copied("odd", third, "\"test_loss\": ", "\"test_loss\": \"NaN\", \"was\": ");
    String out =
        Cli.run("compare", first, odd, "--output", folder.resolve("odd-out")).succeeded().out();
    assertTrue(out.lines().toList().get(2).matches("epochs 2 +1 .* NaN .*"), out);
  }

  @Test
  void runsOfTheSameOptionsAndSeedAreRefused() {
    assertEquals(
        "tfgraphs compare: RUN: expected runs that differ in an option or their seed, received '%s' and '%s'\n"
            .formatted(first, first),
        Cli.run("compare", first, first).err());
  }

  @Test
  void aPageNeedsNothingFromElsewhereAndForbidsIt() throws IOException {
    Path page = folder.resolve("page.html");
    Cli.run("report", first, "--output", page).succeeded();
    String html = Files.readString(page);
    assertEquals(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
        found(html, "http-equiv=\"Content-Security-Policy\" content=\"(.*?)\""));
    List<String> sources =
        Pattern.compile("(?:src|href)=\"(.{5})")
            .matcher(html)
            .results()
            .map(r -> r.group(1))
            .toList();
    assertFalse(sources.isEmpty());
    assertTrue(
        sources.stream().allMatch(s -> s.equals("data:") || s.startsWith("#")), "" + sources);
    assertFalse(html.contains("<script"));
  }

  @Test
  void runsThatDifferInTheirSeedAreOneTraining() throws IOException {
    Path output = folder.resolve("compared");
    String out = Cli.run("compare", first, second, third, "--output", output).succeeded().out();
    List<String> lines = out.lines().toList();
    assertTrue(
        lines
            .get(0)
            .matches(
                "Training +Seeds +Parameters +Epochs +Test accuracy .%. +Test loss +Time .s. +Left"
                    + " out"),
        out);
    assertTrue(lines.get(1).matches("epochs 1 +2 +274,538 +1 +.* ± .*"), out);
    assertTrue(lines.get(2).matches("epochs 2 +1 +274,538 +2 +[\\d.]+ +[\\d.]+ +[\\d.]+"), out);
    try (Stream<Path> files = Files.list(output)) {
      assertEquals(
          List.of("curves.png", "curves.svg", "report.html"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    List<String> texts = Svg.read(output.resolve("curves.svg")).texts();
    assertTrue(texts.containsAll(List.of("epochs 1", "epochs 2")), "" + texts);
    String html = Files.readString(output.resolve("report.html"));
    assertEquals("Comparison of 3 runs", found(html, "<h1>(.*?)</h1>"));
    assertTrue(html.contains("<td>epochs 2</td>"), html);
  }

  @Test
  void whatIsNoRunIsRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    assertEquals(
        "tfgraphs report: RUN: expected a folder that 'train' or 'transfer' wrote, received '"
            + other
            + "', which has no run.json\n",
        Cli.run("report", other).err());
    assertEquals(
        "tfgraphs report: RUN: expected a folder that 'train' or 'transfer' wrote, received '"
            + folder
            + "', which has no run.json; the last in it is "
            + third
            + "\n",
        Cli.run("report", folder).err());
    assertEquals(
        "tfgraphs report: --output: expected a file that ends in .html or .htm, received"
            + " 'page.pdf'\n",
        Cli.run("report", first, "--output", "page.pdf").err());
    assertEquals(
        "tfgraphs compare: --depth: expected with VARIANT only, received it with RUN\n",
        Cli.run("compare", first, second, "--depth", 20).err());
  }

  @Test
  void aSpoiltHistoryIsNamed() throws IOException {
    Path spoilt = trained("spoilt", 1, 3);
    Files.writeString(spoilt.resolve("history.csv"), "epoch,loss\r\n0,much\r\n");
    assertEquals(
        "tfgraphs compare: "
            + spoilt.resolve("history.csv")
            + ": expected a number as 'loss' in line 2, received 'much'\n",
        Cli.run("compare", first, spoilt, "--output", folder.resolve("never")).err());
    assertTrue(Files.notExists(folder.resolve("never")));
  }

  @Test
  void whatARunSaysOfItselfDoesNotSpeakToTheTerminal() throws IOException {
    Path hostile = trained("hostile", 1, 5);
    Path settings = hostile.resolve("run.json");
    Files.writeString(
        settings,
        Files.readString(settings)
            .replace("\"data\": \"digits\"", "\"data\": \"\\u001b[2Jgone\\u0007\""));
    Cli.Outcome evaluated = Cli.run("evaluate", hostile);
    assertEquals(
        "tfgraphs evaluate: --data: expected what the run was trained on, '\\u001B[2Jgone\\u0007',"
            + " received nothing there; say --data and where it is now\n",
        evaluated.err());
    List<Cli.Outcome> outcomes =
        List.of(
            evaluated,
            Cli.run("report", hostile),
            Cli.run("compare", first, hostile, "--output", folder.resolve("with hostile")));
    for (Cli.Outcome outcome : outcomes) {
      String printed = outcome.out() + outcome.err();
      assertTrue(printed.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), printed);
    }
  }

  private static String found(String text, String expression) {
    Matcher matcher = Pattern.compile(expression, Pattern.DOTALL).matcher(text);
    assertTrue(matcher.find(), expression);
    return matcher.group(1);
  }
}
