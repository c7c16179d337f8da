package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ObjectArrays;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short comparison writes all it promises. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompareCommandTest {
  private Path folder = Path.of("");
  private Path run = Path.of("");
  private String said = "";

  @BeforeAll
  void compare(@TempDir Path place) {
    folder = place;
    run = folder.resolve("run");
    said =
        compared("plain", "residual", "--depth", "8,14", "--seeds", 2, "--output", run)
            .succeeded()
            .out();
  }

  private static Cli.Outcome compared(Object... arguments) {
    return Cli.run(new Interrupt(), small(arguments));
  }

  private static Object[] small(Object... arguments) {
    return Stream.concat(
            Stream.of("compare", "--epochs", 2, "--limit", 40, "--device", "cpu"),
            Stream.of(arguments))
        .toArray();
  }

  /** {@code #} is a number. */
  private static void assertLike(String expected, String received) {
    String pattern = Pattern.quote(expected).replace("#", "\\E *[\\d.]+\\Q");
    assertTrue(received.matches(pattern), received);
  }

  @Test
  void saysWhatItDoesAndWhatCameOfIt() {
    assertLike(
        """
        4 networks, 2 seeds each: 8 trainings of 2 epochs on digits.
        1/8  plain, depth 8, seed 1: test accuracy # %, # s
        2/8  residual, depth 8, seed 1: test accuracy # %, # s
        3/8  plain, depth 14, seed 1: test accuracy # %, # s
        4/8  residual, depth 14, seed 1: test accuracy # %, # s
        5/8  plain, depth 8, seed 2: test accuracy # %, # s
        6/8  residual, depth 8, seed 2: test accuracy # %, # s
        7/8  plain, depth 14, seed 2: test accuracy # %, # s
        8/8  residual, depth 14, seed 2: test accuracy # %, # s

        variant                  depth   parameters   test accuracy     best  seconds
        plain                        8       75,482# ±# %# %#
        residual                     8       75,482# ±# %# %#
        plain                       14      173,146# ±# %# %#
        residual                    14      173,146# ±# %# %#
        Written to RUN:
          compare.txt                      this table, and how to do it again
          compare.csv                      loss and accuracy of every epoch
          accuracy.png, accuracy.svg       in training and in test
          loss.png, loss.svg               in training and in test
        """
            .replace("RUN", run.toString()),
        said);
  }

  @Test
  void writesTheTableAndHowToDoItAgain() throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("compare.txt"));
    assertEquals(
        "./tfgraphs compare plain residual --data digits --epochs 2 --batch-size 16 --optimizer"
            + " adam --learning-rate 0.002 --image-size 8 --seed 1 --device cpu --limit 40 --depth"
            + " 8,14 --seeds 2",
        lines.get(0));
    assertEquals("", lines.get(1));
    assertTrue(said.contains(String.join("\n", lines.subList(2, 7)) + "\n"), lines.toString());
    assertEquals(7, lines.size());
  }

  @Test
  void writesEveryEpochOfEveryTraining() throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("compare.csv"));
    assertEquals("variant,depth,seed,epoch,loss,accuracy,val_loss,val_accuracy", lines.get(0));
    assertEquals(
        List.of(
            "plain,8,1,0",
            "plain,8,1,1",
            "plain,8,2,0",
            "plain,8,2,1",
            "residual,8,1,0",
            "residual,8,1,1",
            "residual,8,2,0",
            "residual,8,2,1"),
        lines.subList(1, 9).stream().map(line -> line.replaceAll("(,[^,]+){4}$", "")).toList());
    assertEquals(17, lines.size());
    assertTrue(lines.get(1).matches("plain,8,1,0(,\\d+\\.\\d+(E-\\d+)?){4}"), lines.get(1));
  }

  @Test
  void drawsALineForEachNetwork() throws IOException {
    for (String name : List.of("accuracy", "loss")) {
      BufferedImage image = ImageIO.read(run.resolve(name + ".png").toFile());
      assertEquals(2 * 952, image.getWidth());
      List<String> texts = Svg.read(run.resolve(name + ".svg")).texts();
      assertTrue(
          texts.containsAll(
              List.of(
                  "plain, depth 8", "residual, depth 8", "plain, depth 14", "residual, depth 14")),
          texts.toString());
    }
    assertEquals(
        List.of("Accuracy on digits", "Mean of 2 seeds, in a band from least to largest"),
        Svg.read(run.resolve("accuracy.svg")).texts().subList(0, 2));
  }

  @Test
  void whatANetworkLearnsDoesNotDependOnTheOthers() throws IOException {
    Path alone = folder.resolve("alone");
    compared("residual", "--depth", 8, "--seeds", 1, "--seed", 2, "--output", alone).succeeded();
    assertEquals(firstLoss(run), firstLoss(alone), 1e-3); // sums of several threads
  }

  private static double firstLoss(Path run) throws IOException {
    String start = "residual,8,2,0,";
    return Files.readAllLines(run.resolve("compare.csv")).stream()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length()).split(",", -1)[0]))
        .findFirst()
        .orElseThrow();
  }

  /** Of others, layers of their own draw from the seed between those that all have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "halved",
        "both-halved",
        "bn-after-addition",
        "relu-before-addition",
        "relu-only-pre-activation",
        "full-pre-activation"
      })
  void kernelsBeginAsThoseOfTheResidualNetwork(String variant) {
    assertEquals(kernels("residual"), kernels(variant));
  }

  private static List<HostTensor> kernels(String variant) {
    Node image = input(8, 8, 1);
    Network network = new Subject(Variant.of(variant), 14).network();
    Compile sgd = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(3);
    try (Trainer trainer = Trainer.of(Model.of(image, network.trained(image, 10, 100)), sgd)) {
      Map<String, HostTensor> weights = trainer.weights().tensors();
      return weights.keySet().stream()
          .filter(path -> path.endsWith("/kernel"))
          .map(weights::get)
          .toList();
    }
  }

  @Test
  void everyVariantIsTrained() {
    Path all = folder.resolve("all");
    Object[] arguments =
        Stream.concat(
                Variant.names().stream(),
                Stream.of("--depth", 8, "--seeds", 1, "--epochs", 1, "--quiet", "--output", all))
            .toArray();
    String out =
        Cli.run(Stream.concat(Stream.of("compare", "--limit", 32), Stream.of(arguments)).toArray())
            .succeeded()
            .out();
    List<String> first = out.lines().map(line -> line.replaceFirst(" .*", "")).toList();
    assertEquals("variant", first.get(0));
    assertEquals(Variant.names(), first.subList(1, 1 + Variant.names().size()));
    assertEquals("Written", first.get(1 + Variant.names().size()));
  }

  @Test
  void imagesOfAFolderAreDataToo() throws IOException {
    Path photos = TestImages.folder(folder.resolve("photos"), 5);
    Object[] command = {
      "compare", "plain", "--depth", 8, "--seeds", 1, "--epochs", 1, "--data", photos, "--output"
    };
    Cli.Outcome inside = Cli.run(ObjectArrays.concat(command, photos.resolve("run")));
    assertEquals(
        "tfgraphs compare: --output: expected a folder outside of --data, where it would become a"
            + " class, received '"
            + photos.resolve("run")
            + "'\n",
        inside.err());
    String out = Cli.run(ObjectArrays.concat(command, folder.resolve("seen"))).succeeded().out();
    assertTrue(
        out.startsWith("1 network, 1 seed each: 1 training of 1 epoch on " + photos + ".\n"), out);
  }

  @Test
  void theHelpListsTheVariants() {
    List<String> help = Cli.run("compare", "--help").succeeded().out().lines().toList();
    int first = help.indexOf("Variants, of \"Identity Mappings in Deep Residual Networks\":") + 1;
    assertEquals(
        Variant.names(),
        help.subList(first, first + Variant.names().size()).stream()
            .map(line -> line.strip().replaceFirst(" .*", ""))
            .toList());
  }

  @Test
  void aDivergenceIsShownAndTheOthersGoOn() throws IOException {
    Path output = folder.resolve("diverged");
    // the only step of the first epoch leaves weights that are finite, but too large for the second
    Cli.Outcome outcome =
        Cli.run(
            "compare",
            "--depth",
            8,
            "--epochs",
            2,
            "--limit",
            16,
            "--device",
            "cpu",
            "--learning-rate",
            "1e30",
            "--output",
            output);
    assertEquals("", outcome.err());
    assertEquals(Main.FAILED, outcome.code());
    String diverged =
        ": diverged, epoch 2, step 1: expected a finite loss and finite weights, received NaN or"
            + " infinity\n";
    assertTrue(outcome.out().contains("1/6  plain, depth 8, seed 1" + diverged), outcome.out());
    assertTrue(outcome.out().contains("6/6  residual, depth 8, seed 3" + diverged), outcome.out());
    String row = "residual                     8       75,482               -        -";
    assertTrue(
        outcome.out().lines().anyMatch(l -> l.startsWith(row) && l.endsWith("   3 of 3 diverged")),
        outcome.out());
    assertEquals(7, Files.readAllLines(output.resolve("compare.csv")).size());
    assertTrue(Files.notExists(output.resolve("accuracy.png")));
  }

  @Test
  void whatIsFinishedIsWritten() throws IOException {
    Path output = folder.resolve("interrupted");
    // asked before the training, after 3 steps and an end of each of 2 epochs, and at the end
    Cli.Outcome outcome =
        Cli.run(new InterruptTest.After(13), small("--depth", 8, "--output", output));
    assertEquals("", outcome.err());
    assertEquals(130, outcome.code());
    assertTrue(outcome.out().contains("1/6  plain, depth 8, seed 1: test"), outcome.out());
    assertTrue(!outcome.out().contains("2/6"), outcome.out());
    assertEquals(3, Files.readAllLines(output.resolve("compare.csv")).size());
    assertEquals(4, Files.readAllLines(output.resolve("compare.txt")).size());
    assertTrue(Files.exists(output.resolve("loss.svg")));
  }

  @Test
  void withoutAFinishedTrainingNothingIsWritten() {
    Path output = folder.resolve("nothing");
    Cli.Outcome outcome = Cli.run(new InterruptTest.After(2), small("--output", output));
    assertEquals(
        "tfgraphs compare: no training came to its end, and nothing is written\n", outcome.err());
    assertEquals(130, outcome.code());
    assertTrue(Files.notExists(output));
  }
}
