package dev.tfgraphs.examples;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The command line fits as Keras does, and writes all or nothing. */
class FitCommandTest {
  /** Of sums in another order, which some ten steps make more of. */
  private static final double TOLERANCE = 1e-4;

  @TempDir private Path folder;

  static Stream<KerasFit> fits() {
    return KerasFit.all();
  }

  private Cli.Outcome fit(KerasFit fit, Object... more) {
    return fit(new Interrupt(), fit, more);
  }

  private Cli.Outcome fit(Interrupt interrupt, KerasFit fit, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("fit", fit.model(), fit.data()));
    arguments.addAll(List.of("--output", output(), "--quiet"));
    arguments.addAll(List.of(more));
    return Cli.run(interrupt, arguments.toArray());
  }

  private Path output() {
    return folder.resolve("out.keras");
  }

  private static ImmutableMap<String, ImmutableList<Double>> history(Path file) throws IOException {
    return KerasFit.history(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
  }

  private static Weights weights(Path file) {
    return KerasModels.load(file).weights();
  }

  @ParameterizedTest
  @MethodSource("fits")
  void aFitIsThatOfKeras(KerasFit fit) throws IOException {
    Path history = folder.resolve("history.json");
    List<Object> more = new ArrayList<>(fit.arguments());
    more.addAll(List.of("--no-shuffle", "--history", history));
    assertEquals("", fit(fit, more.toArray()).succeeded().out());
    ImmutableMap<String, ImmutableList<Double>> reported = history(history);
    assertEquals(fit.history().keySet().asList(), reported.keySet().asList());
    fit.history()
        .forEach(
            (name, values) ->
                assertClose(name, doubles(values), doubles(requireNonNull(reported.get(name)))));
    Weights weights = weights(output());
    assertEquals(fit.weights().keySet(), weights.tensors().keySet());
    fit.weights()
        .forEach(
            (name, tensor) -> {
              assertEquals(tensor.shape(), weights.get(name).shape(), name);
              assertClose(name, doubles(tensor.values()), doubles(weights.get(name).values()));
            });
    assertEquals(List.of("history.json", "out.keras"), names());
  }

  private static double[] doubles(Iterable<Double> values) {
    return ImmutableList.copyOf(values).stream().mapToDouble(value -> value).toArray();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static void assertClose(String name, double[] expected, double[] received) {
    assertEquals(expected.length, received.length, name);
    for (int i = 0; i < expected.length; i++) {
      double tolerance = TOLERANCE * Math.max(Math.abs(expected[i]), 0.1);
      assertEquals(expected[i], received[i], tolerance, name + "[" + i + "]");
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void twoFitsOfOneEpochAreOneOfTwo() throws IOException {
    KerasFit fit = KerasFit.named("images");
    fit(fit, "--no-shuffle", "--epochs", 2).succeeded();
    Weights atOnce = weights(output());
    fit(fit, "--no-shuffle").succeeded();
    Object[] again = {"fit", output(), fit.data(), "--no-shuffle", "--quiet", "--output", output()};
    Cli.run(again).succeeded();
    assertEquals(atOnce, weights(output()));
    assertEquals(List.of("out.keras"), names());
  }

  @Test
  void aSeedDecidesTheOrder() {
    KerasFit fit = KerasFit.named("images");
    List<Weights> trained = new ArrayList<>();
    for (int seed : new int[] {3, 3, 4}) {
      fit(fit, "--batch-size", 4, "--seed", seed).succeeded();
      trained.add(weights(output()));
    }
    assertEquals(trained.get(0), trained.get(1));
    assertNotEquals(trained.get(0), trained.get(2));
  }

  @Test
  void aSeedThatWasChosenRepeatsTheFit() {
    KerasFit fit = KerasFit.named("images");
    String out =
        Cli.run("fit", fit.model(), fit.data(), "--output", output(), "--batch-size", 4).out();
    Weights trained = weights(output());
    Matcher seed =
        Pattern.compile("^Seed (\\d+), chosen at random\\.$", Pattern.MULTILINE).matcher(out);
    assertTrue(seed.find(), out);
    fit(fit, "--batch-size", 4, "--seed", seed.group(1)).succeeded();
    assertEquals(trained, weights(output()));
  }

  @Test
  void whatIsWrittenIsCompiledAsTheFileWas() throws IOException {
    KerasFit fit = KerasFit.named("distributions");
    fit(fit).succeeded();
    KerasModel before = KerasModels.load(fit.model());
    KerasModel after = KerasModels.load(output());
    assertEquals(
        before.compile().orElseThrow().config(before.model()),
        after.compile().orElseThrow().config(after.model()));
  }

  @Test
  void anInterruptWritesWhatIsTrained() throws IOException {
    KerasFit fit = KerasFit.named("images");
    Interrupt interrupt = new Interrupt();
    interrupt.request(2);
    Path history = folder.resolve("history.json");
    Cli.Outcome outcome =
        fit(interrupt, fit, "--epochs", 2, "--batch-size", 5, "--history", history);
    assertEquals("", outcome.err());
    assertEquals(130, outcome.code());
    assertEquals(
        "Interrupted: 0 of 2 epochs finished; the model is that of the last step.\n",
        outcome.out());
    assertEquals(ImmutableMap.of(), history(history));
    assertNotEquals(weights(fit.model()), weights(output()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "--epochs 0 | --epochs: expected 1 or more, received 0",
        "--batch-size -1 | --batch-size: expected 1 or more, received -1",
        "--validation-split 1 | --validation-split: expected 0 or more and less than 1, received"
            + " 1.0",
        "--validation-split NaN | --validation-split: expected 0 or more and less than 1, received"
            + " NaN",
        "--validation-split 0.99 --seed -1 | --seed: expected a number from 0 to 4294967295,"
            + " received -1",
        "--history h.txt | --history: expected a file that ends in .json, received 'h.txt'",
        "--history no/h.json | --history: expected a file in a folder that is there, received"
            + " 'no/h.json'",
        "--validation-split 0.01 --batch-size 3 --history /h/h.json | --history: expected a file in"
            + " a folder that is there, received '/h/h.json'",
      })
  void wrongOptionsAreRefused(String options, String message) throws IOException {
    assertRefused(message, fit(KerasFit.named("images"), (Object[]) options.strip().split(" ")));
  }

  private void assertRefused(String message, Cli.Outcome outcome) throws IOException {
    assertEquals("tfgraphs fit: " + message + "\n", outcome.err());
    assertEquals(Main.REFUSED, outcome.code());
    assertTrue(Files.notExists(output()), "written all the same");
  }

  @Test
  void aModelThatWasNotCompiledIsRefused() throws IOException {
    KerasFit fit = KerasFit.named("images");
    KerasModel whole = KerasModels.load(fit.model());
    Path bare = folder.resolve("bare.keras");
    KerasModels.save(bare, whole.model(), whole.weights());
    assertRefused(
        "model "
            + bare
            + ": expected one that was compiled, received one that was not; in Python,"
            + " model.compile(...) and model.save(...) say how it is trained",
        Cli.run("fit", bare, fit.data(), "--output", output()));
  }

  @Test
  void weightsAloneAreRefused() throws IOException {
    KerasFit fit = KerasFit.named("images");
    KerasModel whole = KerasModels.load(fit.model());
    Path weights = folder.resolve("bare.weights.h5");
    WeightFiles.write(weights, whole.model(), whole.weights());
    assertRefused(
        "model "
            + weights
            + ": expected a .keras file or a whole .h5 that was compiled, received weights in"
            + " Keras's HDF5, which does not say how it is trained",
        Cli.run("fit", weights, fit.data(), "--output", output()));
  }

  @Test
  void whatWouldBeWrittenElsewhereIsRefused() throws IOException {
    KerasFit fit = KerasFit.named("images");
    assertRefused(
        "--output: expected a file that ends in .keras, received 'out.h5'",
        Cli.run("fit", fit.model(), fit.data(), "--output", "out.h5"));
    assertEquals(
        "tfgraphs fit: --output: expected FILE, received nothing (see './tfgraphs fit --help')\n",
        Cli.run("fit", fit.model(), fit.data()).err());
  }

  @Test
  void dataOfAnotherModelAreRefused() throws IOException {
    KerasFit images = KerasFit.named("images");
    KerasFit several = KerasFit.named("several");
    assertRefused(
        "arrays "
            + images.data()
            + ": expected x_wide, x_narrow, y_kind, y_size and, if there are weights,"
            + " sample_weight, received x, y",
        Cli.run("fit", several.model(), images.data(), "--output", output()));
    assertRefused(
        "fit: expected samples of (6, 6, 1) for input 'image', received (3,)",
        Cli.run("fit", images.model(), KerasFit.named("resumed").data(), "--output", output()));
    assertRefused(
        "DATA: expected a file that ends in .npz, received '" + images.model() + "'",
        Cli.run("fit", images.model(), images.model(), "--output", output()));
    assertRefused(
        "arrays no.npz: expected a file that can be read, received nothing",
        Cli.run("fit", images.model(), "no.npz", "--output", output()));
  }

  @Test
  void labelsAndNumbersAreLookedAtBeforeTheTraining() throws IOException {
    KerasFit fit = KerasFit.named("images");
    NpzFile pixels = NpzFile.of("x", "|u1", "2, 6, 6", "00".repeat(72));
    assertRefused(
        "fit: expected class numbers from 0 to 3, received numbers from 0 to 4, 4 in sample 1",
        fitTo(fit, pixels.and("y", "<i8", "2,", "0000000000000000" + "0400000000000000")));
    assertRefused(
        "array y of %s: expected class numbers, received 0.5 in sample 1"
            .formatted(folder.resolve("data.npz")),
        fitTo(fit, pixels.and("y", "<f4", "2,", "00000000" + "0000003f")));
    assertRefused(
        "dataset: expected 2 samples, as many as input 0 has, received 1 in target 0",
        fitTo(fit, pixels.and("y", "|u1", "1,", "01")));
    assertRefused(
        "samples: expected finite numbers, received NaN at place 0 of sample 0",
        fitTo(
            fit,
            NpzFile.of("x", "<f4", "1, 6, 6, 1", "0000c07f".repeat(36))
                .and("y", "|u1", "1,", "01")));
    assertRefused(
        "array sample_weight of %s: expected one for each sample, (count,), received (2, 1)"
            .formatted(folder.resolve("data.npz")),
        fitTo(
            fit, pixels.and("y", "|u1", "2,", "0102").and("sample_weight", "|u1", "2, 1", "0101")));
  }

  @Test
  void aDivergenceWritesNothingWithoutAFinishedEpoch() throws IOException {
    KerasFit fit = KerasFit.named("several");
    String large = "caf24971"; // 1e30, whose square is infinite in float32
    NpzFile data =
        NpzFile.of("x_wide", "<f4", "1, 4", "00".repeat(16))
            .and("x_narrow", "<f4", "1, 2", "00".repeat(8))
            .and("y_kind", "|u1", "1,", "01")
            .and("y_size", "<f4", "1,", large);
    Cli.Outcome outcome = fitTo(fit, data);
    assertEquals(
        "tfgraphs fit: epoch 1, step 1: expected a finite loss and finite weights, received NaN or"
            + " infinity; compile the model with a lower learning rate or with clipnorm, and look"
            + " for wrong values in "
            + folder.resolve("data.npz")
            + "; no epoch finished, and nothing is written\n",
        outcome.err());
    assertEquals(Main.FAILED, outcome.code());
    assertEquals(List.of("data.npz"), names());
  }

  private Cli.Outcome fitTo(KerasFit fit, NpzFile data) throws IOException {
    Path file = data.write(folder.resolve("data.npz"));
    return Cli.run("fit", fit.model(), file, "--output", output());
  }

  @Test
  void theHelpShowsAnExample() {
    String help = Cli.run("fit", "--help").succeeded().out();
    assertTrue(
        help.contains(
            "./tfgraphs fit model.keras data.npz --epochs 5 --output trained.keras --history"
                + " history.json"),
        help);
  }
}
