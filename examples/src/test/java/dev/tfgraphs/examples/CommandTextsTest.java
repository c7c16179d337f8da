package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ObjectArrays;
import com.google.gson.JsonParseException;
import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTextsTest {
  @TempDir private Path folder;

  @Test
  void theSummaryIsThatOfKerasOnAPipe() {
    List<String> lines = Cli.run("summary").succeeded().out().lines().toList();
    assertEquals("Model: \"resnet20\"", lines.get(0));
    assertTrue(lines.stream().allMatch(line -> line.length() <= 76));
    assertTrue(lines.contains(" Total params: 274,826 (1.05 MB)"), String.join("\n", lines));
    assertTrue(lines.contains(" Trainable params: 273,258 (1.04 MB)"));
  }

  @Test
  void theSummaryIsOfWhatTheModelWasPublishedFor() {
    String summary = Cli.run("summary", "--model", "torch_resnet18").succeeded().out();
    assertTrue(summary.contains("(None, 1000)"), summary);
    assertTrue(summary.contains(" Total params: 11,699,112 (44.63 MB)"), summary);
  }

  @Test
  void theSummaryTakesAModelASizeAndClasses() {
    String summary =
        Cli.run("summary", "--model", "resnet18", "--image-size", 64, "--classes", 10)
            .succeeded()
            .out();
    assertTrue(summary.contains("(None, 64, 64, 3)"), summary);
    assertTrue(summary.contains(" Total params: 11,196,042 (42.71 MB)"), summary);
  }

  @Test
  void theSummaryTakesImagesInGrey() {
    String summary = Cli.run("summary", "--channels", 1).succeeded().out();
    assertTrue(summary.contains("(None, 32, 32, 1)"), summary);
    assertTrue(summary.contains(" Total params: 274,538 (1.05 MB)"), summary);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "train",
        "compare",
        "transfer",
        "fit",
        "predict",
        "look",
        "evaluate",
        "convert",
        "inspect",
        "summary",
        "diagram",
        "models",
        "doctor",
        "help"
      })
  void helpIsWhatTheOptionShows(String command) {
    Object[] option = command.isEmpty() ? new Object[] {} : new Object[] {command};
    String shown = Cli.run(ObjectArrays.concat(option, "--help")).succeeded().out();
    assertTrue(shown.startsWith("Usage: tfgraphs" + (command.isEmpty() ? "" : " " + command)));
    assertEquals(shown, Cli.run(ObjectArrays.concat("help", option)).succeeded().out());
  }

  @Test
  void aCommandCanBePastedIntoAShell() {
    DataSource data =
        new DataSource(
            DataSource.Kind.FOLDER,
            "my sister's photos",
            Digits.train().dataset(),
            Digits.test().dataset(),
            ImmutableList.of("a"));
    TrainingPlan plan =
        new TrainingPlan(
            data,
            Network.of("resnet18"),
            3,
            16,
            TrainingPlan.Method.SGD,
            0.5,
            64,
            9,
            Device.CPU,
            0,
            false);
    assertEquals(
        "./tfgraphs train --data 'my sister'\\''s photos' --model resnet18 --epochs 3 --batch-size"
            + " 16 --optimizer sgd --learning-rate 0.5 --image-size 64 --seed 9 --device cpu",
        plan.command());
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "24, 0.5833", "60, 0.8333", "100, 0.9", "900, 0.9"})
  void averagesOfBatchNormalizationAreOfATenthOfTheTraining(long steps, double momentum) {
    Node image = input(32, 32, 3);
    Network network = Network.of("resnet20");
    Model model = Model.of(image, network.trained(image, 10, steps));
    BatchNormalization first =
        model.layers().stream()
            .filter(BatchNormalization.class::isInstance)
            .map(BatchNormalization.class::cast)
            .findFirst()
            .orElseThrow();
    assertEquals(momentum, first.momentum(), 1e-4);
  }

  @Test
  void servingSaysHowItEndsAndWhoTakesBytes() {
    String help = Cli.run("serve", "--help").succeeded().out().replaceAll("\\s+", " ");
    assertTrue(help.contains("until Ctrl-C or the signal TERM (of 'kill', for scripts): "), help);
    assertTrue(
        help.contains("{\"b64\": \"...\"}, for signatures whose input is called ..._bytes alone."),
        help);
  }

  @Test
  void aTrainingLargerThanTheMemoryIsRefused() {
    TrainingPlan plan =
        new TrainingPlan(
            DataSource.digits(),
            Network.of("resnet20"),
            1,
            32,
            TrainingPlan.Method.ADAM,
            0.1,
            4000,
            0,
            Device.CPU,
            0,
            false);
    plan.checkMemory(plan.model(), OptionalLong.empty());
    plan.checkMemory(plan.model(), OptionalLong.of(1L << 50));
    CommandException thrown =
        assertThrows(
            CommandException.class,
            () -> plan.checkMemory(plan.model(), OptionalLong.of(3L << 30)));
    assertEquals(
        "--image-size: expected a training that fits into 3.0 GiB of free memory, received one that"
            + " needs 630.4 GiB or more for images of 4000 x 4000 in steps of 32",
        thrown.getMessage());
  }

  @Test
  void jsonIsWrittenWithItsEscapes() {
    assertEquals(
        """
        {
          "a": 1,
          "b": {
            "c": [1.5, "x", true]
          },
          "quote\\" \\\\ \\n\\t\\u0001": "NaN",
          "empty": {}
        }
        """,
        Json.text(
            ImmutableMap.of(
                "a",
                1,
                "b",
                ImmutableMap.of("c", List.of(1.5, "x", true)),
                "quote\" \\ \n\t\u0001",
                Double.NaN,
                "empty",
                ImmutableMap.of())));
  }

  @Test
  void jsonIsReadAsItIsWritten() {
    String data = "my \"{photos}\", \\n \n\t\u0001 \u00fc";
    ImmutableMap<String, Object> options = ImmutableMap.of("data", data, "seed", 7L, "rate", 1e-9);
    String text =
        Json.text(
            ImmutableMap.of(
                "command",
                "--data '\"options\": {'",
                "options",
                options,
                "data",
                ImmutableMap.of()));
    assertEquals(
        ImmutableMap.of("data", data, "seed", "7", "rate", "1.0E-9"),
        Json.entries(text, "options"));
    assertEquals(ImmutableMap.of(), Json.entries(text, "data"));
    assertEquals(
        ImmutableMap.of("a", "1.50", "d", "true"),
        Json.entries("{\"x\": {\"a\": 1.50, \"b\": [2], \"c\": {}, \"d\": true}}", "x"));
    for (String none : List.of("{\"x\": {", "", " ", "[]", "7", "{x: {}}", "{'x': {}}", "{} {}")) {
      assertThrows(JsonParseException.class, () -> Json.entries(none, "x"), none);
    }
    assertEquals(ImmutableMap.of(), Json.entries(text, "none"));
  }

  @Test
  void aHistoryIsWrittenInTheOrderAndWordsOfPython() throws IOException {
    Path file = folder.resolve("history.csv");
    History history =
        new History(
            ImmutableList.of(0, 1),
            ImmutableMap.of(
                "loss", ImmutableList.of(0.5, Double.NaN),
                "accuracy", ImmutableList.of(1.0, 0.25),
                "val_loss", ImmutableList.of(Double.POSITIVE_INFINITY, 2.0)));
    assertEquals(
        """
        {
          "loss": [0.5, NaN],
          "accuracy": [1.0, 0.25],
          "val_loss": [Infinity, 2.0]
        }
        """,
        HistoryFile.json(history));
    HistoryFile.write(file, history);
    assertEquals(
        "epoch,accuracy,loss,val_loss\r\n0,1.0,0.5,inf\r\n1,0.25,nan,2.0\r\n",
        Files.readString(file));
  }
}
