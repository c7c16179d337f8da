package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A short training of the digits writes all it promises, and the other commands take it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainCommandTest {
  private Path folder = Path.of("");
  private Path run = Path.of("");
  private String said = "";

  @BeforeAll
  void train(@TempDir Path place) {
    folder = place;
    run = folder.resolve("deep/er/run");
    said = trained(run).succeeded().out();
  }

  private static Cli.Outcome trained(Path output) {
    return Cli.run(
        "train", "--epochs", 1, "--limit", 40, "--seed", 7, "--device", "cpu", "--output", output);
  }

  @Test
  void saysWhatItDoesAndWhatItWrote() {
    String number = "[\\d.]+";
    String expected =
        """
        Training resnet20 on the digits: 40 samples to learn from, 40 to test, 10 classes, images of 8 x 8 grey.
        The network sees 32 x 32 pixels and has 274,538 parameters.
        Adam from a learning rate of 0.002, 1 epoch of 3 steps, batch size 16, on the CPU.
        Seed 7.
        Test accuracy: # %
        Test loss: #
        Time: # s
        Written to RUN:
          model/1/                         the model, for TensorFlow Serving too
          model.keras                      the same for Keras, with its optimizer
          history.csv                      loss and accuracy of every epoch
          curves.png, curves.svg           learning curves
          predictions.png, predictions.svg test images and what the network takes them for
          pictures/                        how good it is: classes, confusion, calibration, roc, precision-recall
          samples/                         some test images, as PNG and together as NPY
          run.json                         how to do it again
        Try: ./tfgraphs predict RUN RUN/samples
        """
            .replace("RUN", run.toString());
    assertTrue(
        Pattern.matches(Pattern.quote(expected).replace("#", "\\E" + number + "\\Q"), said), said);
  }

  @Test
  void saysTheResultsAloneWhenQuiet() {
    Path quiet = folder.resolve("quiet");
    String out =
        Cli.run("train", "--quiet", "--epochs", 1, "--limit", 40, "--output", quiet)
            .succeeded()
            .out();
    String expected = "Test accuracy: # %\nTest loss: #\nWritten to " + quiet + "\n";
    assertTrue(out.matches(Pattern.quote(expected).replace("#", "\\E[\\d.]+\\Q")), out);
  }

  @Test
  void recordsGradientsWhenAsked() throws IOException {
    Path recorded = folder.resolve("gradients");
    String out =
        Cli.run(
                "train",
                "--gradients",
                "--epochs",
                2,
                "--limit",
                40,
                "--seed",
                7,
                "--device",
                "cpu",
                "--output",
                recorded)
            .succeeded()
            .out();
    assertTrue(out.contains("  gradient-flow.csv                    norms of gradients by"), out);
    assertTrue(out.contains("  gradient-flow.png, gradient-flow.svg norms of the kernels'"), out);
    List<String> lines = Files.readAllLines(recorded.resolve("gradient-flow.csv"));
    assertEquals(1 + 2 * 3, lines.size());
    assertTrue(lines.get(0).startsWith("step,conv2d/kernel,"), lines.get(0));
    assertTrue(lines.get(6).startsWith("5,"), lines.get(6));
    assertTrue(
        Svg.read(recorded.resolve("gradient-flow.svg"))
            .texts()
            .contains("Gradients of resnet20 on digits"),
        "title");
    assertTrue(Files.size(recorded.resolve("gradient-flow.png")) > 10000);
    assertTrue(Files.readString(recorded.resolve("run.json")).contains("--limit 40 --gradients"));
  }

  @Test
  void leavesNothingBesideTheRun() throws IOException {
    assertEquals(List.of("run"), names(run.resolveSibling("")));
    assertEquals(
        List.of(
            "curves.png",
            "curves.svg",
            "history.csv",
            "model",
            "model.keras",
            "pictures",
            "predictions.png",
            "predictions.svg",
            "run.json",
            "samples"),
        names(run));
    assertTrue(Files.isRegularFile(run.resolve("model/1/saved_model.pb")));
  }

  @Test
  void writesTheHistoryAsKerasDoes() throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("history.csv"));
    assertEquals("epoch,accuracy,loss,val_accuracy,val_loss", lines.get(0));
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).matches("0(,\\d+\\.\\d+(E-\\d+)?){4}"), lines.get(1));
  }

  @Test
  void writesPicturesThatCanBeRead() throws IOException {
    for (String name : List.of("curves", "predictions")) {
      BufferedImage image = ImageIO.read(run.resolve(name + ".png").toFile());
      assertTrue(image.getWidth() > 400 && image.getHeight() > 300);
      assertFalse(Svg.read(run.resolve(name + ".svg")).texts().isEmpty());
    }
  }

  @Test
  void writesHowGoodItIs() throws IOException {
    assertEquals(
        Stream.of("calibration", "classes", "confusion", "precision-recall", "roc")
            .flatMap(name -> Stream.of(name + ".png", name + ".svg"))
            .toList(),
        names(run.resolve("pictures")));
    List<String> texts = Svg.read(run.resolve("pictures/calibration.svg")).texts();
    assertTrue(texts.get(1).endsWith(" over 40 samples"), texts.toString());
    List<String> classes = Svg.read(run.resolve("pictures/classes.svg")).texts();
    assertEquals(List.of("resnet20 on digits", "10 classes"), classes.subList(0, 2));
  }

  @Test
  void writesHowToDoItAgain() throws IOException {
    JsonObject settings =
        JsonParser.parseString(Files.readString(run.resolve("run.json"))).getAsJsonObject();
    assertEquals(
        "./tfgraphs train --data digits --model resnet20 --epochs 1 --batch-size 16 --optimizer"
            + " adam --learning-rate 0.002 --image-size 32 --seed 7 --device cpu --limit 40",
        settings.get("command").getAsString());
    assertEquals(7, settings.getAsJsonObject("options").get("seed").getAsLong());
    assertEquals(40, settings.getAsJsonObject("data").get("test_samples").getAsLong());
    assertFalse(settings.get("interrupted").getAsBoolean());
    assertEquals(1, settings.get("epochs_finished").getAsInt());
    double accuracy = settings.getAsJsonObject("result").get("test_accuracy").getAsDouble();
    assertTrue(accuracy >= 0 && accuracy <= 1);
    assertEquals("2.18.0", settings.getAsJsonObject("versions").get("tensorflow").getAsString());
  }

  @Test
  void theSameSeedDoesTheSame() throws IOException {
    Path again = folder.resolve("again");
    trained(again).succeeded();
    assertEquals(firstLoss(run), firstLoss(again), 1e-3); // sums of several threads
  }

  private static double firstLoss(Path run) throws IOException {
    return Double.parseDouble(
        Files.readAllLines(run.resolve("history.csv")).get(1).split(",", -1)[2]);
  }

  @Test
  void predictsForItsSamplesAsPngAndAsArray() throws IOException {
    Path samples = run.resolve("samples");
    List<Path> images = paths(samples).stream().filter(p -> p.toString().endsWith("png")).toList();
    assertEquals(16, images.size());
    assertEquals("00_is_2.png", images.get(0).getFileName().toString());

    Path ofImages = folder.resolve("of-images.npy");
    Object[] command =
        Stream.of(Stream.of("predict", run), images.stream(), Stream.of("--output", ofImages))
            .flatMap(arguments -> arguments)
            .toArray();
    Cli.Outcome outcome = Cli.run(command);
    assertEquals(0, outcome.code());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(
        "tfgraphs predict: Note: images become 8 x 8 digits: averaged, in grey, ink 16 and paper 0"
            + " (whatever is darker on light paper is ink).\n",
        outcome.err());
    assertEquals(16, lines.size());
    assertTrue(
        lines.get(0).startsWith(images.get(0) + "  ") && lines.get(0).contains(" %   "),
        lines.get(0));
    assertEquals(outcome.out(), Cli.run("predict", run, samples).out());

    Path ofArray = folder.resolve("of-array.npy");
    String out =
        Cli.run(
                "predict",
                run.resolve("model/1"),
                samples.resolve("images.npy"),
                "--output",
                ofArray)
            .succeeded()
            .out();
    assertEquals(16, out.lines().count());
    assertTrue(out.startsWith(samples.resolve("images.npy") + "[0]   "), out);
    assertClose(Npy.read(ofArray).toHost(), Npy.read(ofImages).toHost());
  }

  /** PNG rounds the 17 levels of the digits to 256. */
  private static void assertClose(HostTensor expected, HostTensor received) {
    assertEquals(Shape.of(16, 10), expected.shape());
    assertEquals(expected.shape(), received.shape());
    for (int i = 0; i < expected.values().length; i++) {
      assertEquals(expected.values()[i], received.values()[i], 0.01);
    }
  }

  @Test
  void isEvaluatedWithWhatItWasTestedOn() {
    String out = Cli.run("evaluate", run).succeeded().out();
    String tested = said.lines().filter(line -> line.startsWith("Test ")).findFirst().orElseThrow();
    assertTrue(out.startsWith(tested.replace("Test accuracy", "Accuracy") + "\n"), out);
    assertTrue(
        out.endsWith("\nSamples: 40\nData: digits, the samples that the run was tested on\n"), out);
  }

  @Test
  void isEvaluatedAsAFolderABaseAndAVersion() {
    String out = Cli.run("evaluate", run, "--data", "digits").succeeded().out();
    assertTrue(out.matches("Accuracy: [\\d.]+ %\nLoss: [\\d.]+\nSamples: 360\n"), out);
    assertEquals(out, Cli.run("evaluate", run.resolve("model")).succeeded().out());
    assertEquals(out, Cli.run("evaluate", run.resolve("model/1"), "--data", "digits").out());
  }

  @Test
  void refusesDataOfOtherClassesOrSizes() throws IOException {
    Path data = TestImages.folder(folder.resolve("photos"), 1);
    assertEquals(
        "tfgraphs evaluate: --data: expected the model's classes [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],"
            + " received [dark, light]\n",
        Cli.run("evaluate", run, "--data", data).err());
    Path array = folder.resolve("other.npy");
    Npy.write(array, new HostTensor(Shape.of(2, 3), new float[6]));
    Path output = folder.resolve("none.npy");
    assertEquals(
        "tfgraphs predict: array "
            + array
            + ": expected (count, 8, 8, 1) as the model takes it, received (2, 3)\n",
        Cli.run("predict", run, array, "--output", output).err());
    assertTrue(Files.notExists(output));
  }

  private static List<String> names(Path folder) throws IOException {
    return paths(folder).stream().map(path -> path.getFileName().toString()).toList();
  }

  private static Collection<Path> paths(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
