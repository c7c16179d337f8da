package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.softmax;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookCommandTest {
  private static final String NOTE =
      "tfgraphs look: Note: pixels go in as they are in the files, 0 to 255; a model that takes"
          + " others needs arrays.\n";

  @TempDir private static Path models;
  private static Path keras = Path.of("");
  private static Path run = Path.of("");
  private static Path image = Path.of("");
  @TempDir private Path folder;

  /** A network of nothing learned, in a Keras file, as 'train' writes it, and as a graph alone. */
  @BeforeAll
  static void write() throws IOException {
    Node pixels = input("images", 8, 8, 3);
    Node x = pixels.to(conv2D(4, 3).name("first")).to(maxPooling2D(2).name("pool"));
    Node classes = x.to(globalAveragePooling2D().name("gap")).to(dense(3).name("d"));
    Model model = Model.of(pixels, classes.to(softmax())).name("small");
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1);
    keras = models.resolve("small.keras");
    image = models.resolve("photo.png");
    BufferedImage photo = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
    photo.setRGB(3, 4, 0xffffff);
    ImageIO.write(photo, "png", image.toFile());
    try (Trainer trainer = Trainer.of(model, compile)) {
      KerasModels.save(keras, model, trainer.weights());
      SavedModels.write(models.resolve("graph"), model, trainer.weights());
      ServingOptions named = ServingOptions.defaults().classNames(List.of("cat", "dog", "owl"));
      run = models.resolve("run");
      TrainMark.write(SavedModels.write(run.resolve("model"), model, trainer.weights(), named));
      KerasModels.save(run.resolve("model.keras"), model, trainer.weights());
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void drawsTheLastLayerOfEachSizeTheFiltersAndGradCam() throws IOException {
    Path output = folder.resolve("look");
    Cli.Outcome outcome = Cli.run("look", keras, image, "--output", output);
    assertEquals(NOTE, outcome.err());
    assertEquals(0, outcome.code());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).matches("photo\\.png  class \\d +[\\d.]+ %.*"), lines.get(0));
    assertEquals(
        """
        Written to OUTPUT:
          feature-maps-first.png, feature-maps-first.svg what the layer makes of the image
          feature-maps-pool.png, feature-maps-pool.svg   what the layer makes of the image
          filters.png, filters.svg                       the filters of the first convolution
          grad-cam.png, grad-cam.svg                     where the network sees the class
        """
            .replace("OUTPUT", output.toString()),
        String.join("\n", lines.subList(1, lines.size())) + "\n");
    assertEquals(
        List.of(
            "feature-maps-first.png",
            "feature-maps-first.svg",
            "feature-maps-pool.png",
            "feature-maps-pool.svg",
            "filters.png",
            "filters.svg",
            "grad-cam.png",
            "grad-cam.svg"),
        names(output));
    for (String name : names(output)) {
      if (name.endsWith("png")) {
        assertTrue(ImageIO.read(output.resolve(name).toFile()).getWidth() > 400, name);
      }
    }
  }

  @Test
  void aRunIsLookedIntoByItsClasses() throws IOException {
    Path output = folder.resolve("look");
    Cli.run("look", run, image, "--class", "dog", "--occlusion", "--quiet", "--output", output)
        .succeeded();
    assertTrue(names(output).contains("occlusion.svg"));
    List<String> texts = Svg.read(output.resolve("grad-cam.svg")).texts();
    assertTrue(texts.get(0).matches("Grad-CAM of 'photo\\.png': dog, [\\d.]+ %"), texts.get(0));
    assertEquals("by layer pool, 3 \u00d7 3", texts.get(1).replaceAll("; 0 everywhere", ""));
    assertTrue(
        Svg.read(output.resolve("occlusion.svg")).texts().get(0).contains("dog"), texts.get(0));
  }

  @Test
  void layersChannelsScaleAndPatchAreChosen() throws IOException {
    Path output = folder.resolve("look");
    Path array = folder.resolve("one.npy");
    Npy.write(array, new HostTensor(Shape.of(8, 8, 3), new float[192]));
    Cli.run(
            "look",
            keras,
            array,
            "--layers",
            "first",
            "--channels",
            2,
            "--shared-scale",
            "--class",
            2,
            "--grad-cam-layer",
            "first",
            "--occlusion",
            "--patch",
            4,
            "--output",
            output)
        .succeeded();
    assertFalse(names(output).contains("feature-maps-pool.png"));
    assertEquals(
        "2 of 4 channels, 6 \u00d7 6, one scale for all",
        Svg.read(output.resolve("feature-maps-first.svg")).texts().get(4));
    assertTrue(
        Svg.read(output.resolve("grad-cam.svg")).texts().get(0).contains("class 2"), "class 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layers | firs | --layers: layer 'small' (Functional): expected the name of a layer,"
            + " received 'firs'; near: first",
        "--layers | gap | --layers: expected layers that make (batch, height, width, channels),"
            + " received 'gap', which makes (None, 4)",
        "--class | 3 | --class: expected a number of 0 or more and less than 3, or the name of a"
            + " class, received '3'",
        "--class | owls | --class: expected a number of 0 or more and less than 3, or the name of"
            + " a class, received 'owls'; did you mean owl?",
        "--channels | 0 | --channels: expected 1 or more, received 0",
        "--patch | 2 | --patch: expected together with --occlusion, received alone",
      })
  void whatCannotBeShownIsRefused(String option, String value, String problem) {
    Path output = folder.resolve("look");
    Cli.Outcome outcome = Cli.run("look", run, image, option, value, "--output", output);
    assertEquals("tfgraphs look: " + problem + "\n", outcome.err());
    assertEquals(2, outcome.code());
    assertTrue(Files.notExists(output));
  }

  @Test
  void aGraphAloneIsRefused() {
    Path graph = models.resolve("graph");
    assertEquals(
        "tfgraphs look: model "
            + graph
            + ": expected a network whose layers are known, received a SavedModel, which has only a"
            + " graph; take the .keras file that it was made from, a run of 'train', or say --model"
            + " NAME|FILE\n",
        Cli.run("look", graph, image).err());
    Path output = folder.resolve("look");
    Cli.Outcome told = Cli.run("look", graph, image, "--model", keras, "--output", output);
    assertEquals(NOTE, told.err());
    assertEquals(0, told.code());
  }

  @Test
  void arraysThatDoNotFitAreTold() throws IOException {
    Path array = folder.resolve("a.npy");
    Npy.write(array, new HostTensor(Shape.of(4, 4, 3), new float[48]));
    assertEquals(
        "tfgraphs look: array "
            + array
            + ": expected (count, 8, 8, 3) as the model takes it, received (4, 4, 3)\n",
        Cli.run("look", keras, array).err());
    Npy.write(array, new HostTensor(Shape.of(2, 8, 8, 3), new float[384]));
    assertEquals(
        "tfgraphs look: array " + array + ": expected one image, received 2\n",
        Cli.run("look", keras, array).err());
  }

  @Test
  void aWishToStopLeavesWhatIsDrawn() throws IOException {
    Path output = folder.resolve("look");
    Interrupt interrupt = new Interrupt();
    interrupt.request(2);
    Cli.Outcome outcome = Cli.run(interrupt, "look", run, image, "--occlusion", "--output", output);
    assertEquals(130, outcome.code());
    assertEquals("", outcome.err());
    assertEquals(List.of(), names(output));
  }

  @Test
  void occlusionEndsBetweenTwoBatches() throws IOException {
    Path output = folder.resolve("look");
    Interrupt later =
        new Interrupt() {
          private int asked;

          @Override
          boolean requested() {
            return ++asked > 4; // maps, filters, Grad-CAM, and before occlusion
          }
        };
    Cli.Outcome outcome = Cli.run(later, "look", run, image, "--occlusion", "--output", output);
    assertEquals(130, outcome.code());
    assertTrue(outcome.out().contains("\nInterrupted: no occlusion.\n"), outcome.out());
    assertEquals(8, names(output).size());
  }
}
