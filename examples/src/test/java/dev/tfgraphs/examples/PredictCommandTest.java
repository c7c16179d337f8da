package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.flatten;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.softmax;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be read is predicted for, what cannot is told in a line. */
class PredictCommandTest {
  private static final String NOTE =
      "tfgraphs predict: Note: images become 8 x 8 digits: averaged, in grey, ink 16 and paper 0"
          + " (whatever is darker on light paper is ink).\n";

  @TempDir private static Path models;
  @TempDir private Path folder;

  /** Networks that learned nothing; named as 'train' names its models' inputs, and otherwise. */
  @BeforeAll
  static void write() throws IOException {
    TrainMark.write(write("digits", input("digits", 8, 8, 1)));
    TrainMark.write(write("images", input("images", 2, 2, 3)));
    write("elsewhere", input("pixels", 2, 2, 3));
    write("namesake", input("digits", 8, 8, 1));
  }

  private static Path write(String name, Node image) {
    Node logits = image.to(flatten()).to(dense(3));
    Model model = Model.of(image, logits.to(softmax()));
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, compile)) {
      return SavedModels.write(models.resolve(name), model, trainer.weights());
    }
  }

  private Path array(Shape shape, float... values) throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new HostTensor(shape, values));
    return file;
  }

  private static Path image(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    String format = file.toString().substring(file.toString().lastIndexOf('.') + 1);
    assertTrue(
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), format, file.toFile()));
    return file;
  }

  @Test
  void aModelInGreyTakesEveryFormat() throws IOException {
    Path cmyk = Files.write(folder.resolve("cmyk.jpg"), TestImages.cmykBar());
    Path gif = image(folder.resolve("b.gif"));
    Path bmp = image(folder.resolve("b.bmp"));
    Cli.Outcome outcome = Cli.run("predict", models.resolve("digits"), cmyk, gif, bmp);
    assertEquals(NOTE, outcome.err());
    assertEquals(0, outcome.code());
    assertEquals(3, outcome.out().lines().count());
    assertTrue(outcome.out().startsWith(cmyk + "  class "), outcome.out());
  }

  @Test
  void inkOfCmykIsInk() throws IOException {
    Path cmyk = Files.write(folder.resolve("cmyk.jpg"), TestImages.cmykBar());
    HostTensor digit = new ModelInput("digits", Shape.of(8, 8, 1)).read(List.of(cmyk));
    for (int i = 0; i < 64; i++) {
      assertEquals(i % 8 == 2 ? 16 : 0, digit.values()[i], 0.6); // JPEG rings beside edges
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "digits | NaN | pixels from 0 to 16, received NaN at [0, 1, 2, 0]",
        "digits | 16.5 | pixels from 0 to 16, received 16.5 at [0, 1, 2, 0]",
        "digits | -1 | pixels from 0 to 16, received -1.0 at [0, 1, 2, 0]",
        "images | Infinity | pixels from 0 to 255, received Infinity at [1, 0, 1, 1]",
        "images | 256 | pixels from 0 to 255, received 256.0 at [1, 0, 1, 1]",
        "elsewhere | NaN | finite numbers, received NaN at [1, 0, 1, 1]",
        "elsewhere | -Infinity | finite numbers, received -Infinity at [1, 0, 1, 1]",
      })
  void whatIsNoPixelIsRefused(String model, float value, String problem) throws IOException {
    Shape shape = model.equals("digits") ? Shape.of(1, 8, 8, 1) : Shape.of(2, 2, 2, 3);
    float[] values = new float[Math.toIntExact(shape.elements())];
    values[model.equals("digits") ? 10 : 16] = value;
    Path array = array(shape, values);
    Path output = folder.resolve("out.npy");
    Cli.Outcome outcome = Cli.run("predict", models.resolve(model), array, "--output", output);
    assertEquals(
        "tfgraphs predict: array " + array + ": expected " + problem + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertEquals(2, outcome.code());
    assertTrue(Files.notExists(output));
  }

  @Test
  void aModelFromElsewhereTakesAnyNumber() throws IOException {
    Path array = array(Shape.of(2, 2, 3), -3, 300, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5f);
    String out = Cli.run("predict", models.resolve("elsewhere"), array).succeeded().out();
    assertEquals(1, out.lines().count());
  }

  @Test
  void whatOthersCallDigitsIsTakenAsItIs() throws IOException {
    Path keras = folder.resolve("m.keras");
    Node image = input("digits", 8, 8, 1);
    Model model = Model.of(image, image.to(flatten()).to(dense(3)).to(softmax()));
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(1), Loss.poisson()))) {
      KerasModels.save(keras, model, trainer.weights());
    }
    float[] values = new float[64];
    values[7] = 200;
    Path array = array(Shape.of(8, 8, 1), values);
    for (Path each : List.of(keras, models.resolve("namesake"))) {
      Cli.run("predict", each, array).succeeded();
    }
  }

  @Test
  void aRunWithoutMarksIsKnownByItsFiles() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(run.resolve("run.json"), "{}");
    Path model = run.resolve("model");
    Files.move(models.resolve("namesake"), model);
    try {
      Path gif = image(folder.resolve("b.gif"));
      for (Path each : List.of(run, model, model.resolve("1"))) {
        assertEquals(NOTE, Cli.run("predict", each, gif).err());
      }
    } finally {
      Files.move(model, models.resolve("namesake"));
    }
  }

  @Test
  void whatIsReadIsNotWrittenOver() throws IOException {
    Path array = array(Shape.of(2, 2, 3), new float[12]);
    byte[] before = Files.readAllBytes(array);
    Cli.Outcome outcome =
        Cli.run(
            "predict",
            models.resolve("elsewhere"),
            array,
            "--output",
            folder.resolve("./../" + folder.getFileName() + "/a.npy"));
    assertEquals(
        "tfgraphs predict: --output: expected another place than that of INPUT, received '"
            + folder.resolve("./../" + folder.getFileName() + "/a.npy")
            + "'\n",
        outcome.err());
    assertEquals(2, outcome.code());
    assertArrayEquals(before, Files.readAllBytes(array));
  }

  @Test
  void outputsOfOneNameAreNotWritten() throws IOException {
    Node inside = input(4);
    Model inner =
        Model.of(List.of(inside), List.of(inside.to(dense(2)), inside.to(dense(1)))).name("inner");
    Node outside = input(4);
    Model model = Model.of(List.of(outside), inner.call(List.of(outside)));
    Map<String, HostTensor> weights = new HashMap<>();
    for (Weight weight : model.weights()) {
      Shape shape = weight.spec().shape();
      float[] zeros = new float[Math.toIntExact(shape.elements())];
      weights.put(weight.path(), new HostTensor(shape, zeros));
    }
    Path keras = folder.resolve("m.keras");
    KerasModels.save(keras, model, Weights.of(weights));
    Path array = array(Shape.of(2, 4), new float[8]);
    Path output = folder.resolve("p.npz");
    Cli.Outcome outcome = Cli.run("predict", keras, array, "--output", output);
    assertEquals(
        "tfgraphs predict: --output: expected a model with outputs of different layers, received"
            + " [inner, inner]\n",
        outcome.err());
    assertEquals("", outcome.out());
    assertTrue(Files.notExists(output));
  }

  @Test
  void pixelsThatSeemScaledAreDoubted() throws IOException {
    float[] values = new float[12];
    Arrays.fill(values, 0.5f);
    Path array = array(Shape.of(2, 2, 3), values);
    Cli.Outcome outcome = Cli.run("predict", models.resolve("images"), array);
    assertEquals(
        "tfgraphs predict: Note: array "
            + array
            + " holds nothing above 1, but the model takes 0 to 255.\n",
        outcome.err());
    assertEquals(0, outcome.code());
    Cli.run("predict", models.resolve("images"), array(Shape.of(2, 2, 3), new float[12]))
        .succeeded();
  }

  @Test
  void aFolderStandsForTheImagesInItAndBelow() throws IOException {
    Path photos = folder.resolve("photos");
    Path deep = image(photos.resolve("deep/er/c.png"));
    Path first = image(photos.resolve("a.png"));
    Files.writeString(photos.resolve("read.me"), "no image");
    String out = Cli.run("predict", models.resolve("images"), photos).succeeded().out();
    List<String> names = out.lines().map(line -> line.split(" ", 2)[0]).toList();
    assertEquals(List.of(first.toString(), deep.toString()), names);
  }

  @Test
  void whatCannotBeReadIsLeftOut() throws IOException {
    Path photos = folder.resolve("photos");
    Path good = image(photos.resolve("a.png"));
    Path other = Files.writeString(photos.resolve("b.jpg"), "no image");
    Path cut = Files.write(photos.resolve("c.png"), Arrays.copyOf(Files.readAllBytes(good), 40));
    Path last = image(photos.resolve("d.png"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path array = array(Shape.of(2), 1, 2);
    Path output = folder.resolve("out.npy");
    Cli.Outcome outcome =
        Cli.run(
            "predict",
            models.resolve("images"),
            photos,
            "no.png",
            empty,
            array,
            "--output",
            output);
    List<String> lines = outcome.err().lines().toList();
    assertEquals(6, lines.size(), outcome.err());
    assertEquals(
        "tfgraphs predict: images: expected .bmp, .gif, .jpeg, .jpg or .png files below "
            + empty
            + ", received none",
        lines.get(0));
    assertEquals(
        "tfgraphs predict: image "
            + other
            + ": expected a BMP, GIF, JPEG or PNG, received other"
            + " bytes",
        lines.get(1));
    assertTrue(
        lines.get(2).startsWith("tfgraphs predict: image " + cut + ": cannot be decoded: "),
        lines.get(2));
    assertEquals("tfgraphs predict: image no.png: expected a file, received nothing", lines.get(3));
    assertEquals(
        "tfgraphs predict: array "
            + array
            + ": expected (count, 2, 2, 3) as the model takes it, received (2,)",
        lines.get(4));
    assertEquals(
        "tfgraphs predict: 5 inputs left out; " + output + " has the printed 2", lines.get(5));
    assertEquals(2, outcome.code());
    List<String> names = outcome.out().lines().map(line -> line.split(" ", 2)[0]).toList();
    assertEquals(List.of(good.toString(), last.toString()), names);
    assertArrayEquals(new int[] {2, 3}, Npy.read(output).shape().toArray());
  }

  @Test
  void aFolderOfRunsIsNoModel() throws IOException {
    Path runs = folder.resolve("runs");
    for (String name : List.of("2025-01-31_12-00-00", "2025-02-01_12-00-00")) {
      Files.createDirectories(runs.resolve(name).resolve("model"));
      Files.writeString(runs.resolve(name).resolve("run.json"), "{}");
    }
    Cli.Outcome outcome = Cli.run("predict", runs, "a.png");
    assertEquals(
        "tfgraphs predict: model: expected one run, received "
            + runs
            + ", a folder of runs; the last is "
            + runs.resolve("2025-02-01_12-00-00")
            + "\n",
        outcome.err());
    assertEquals(2, outcome.code());
  }

  @Test
  void aModelIsFoundWithoutWhatWasWrittenBesideIt() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.move(models.resolve("elsewhere"), run.resolve("model"));
    try {
      Path array = array(Shape.of(2, 2, 3), new float[12]);
      Cli.run("predict", run, array).succeeded();
    } finally {
      Files.move(run.resolve("model"), models.resolve("elsewhere"));
    }
    Files.createDirectory(run.resolve("model"));
    Cli.Outcome outcome = Cli.run("predict", run, "a.png");
    assertEquals(
        "tfgraphs predict: SavedModel "
            + run.resolve("model")
            + ": expected saved_model.pb or a numbered folder, found none\n",
        outcome.err());
    assertEquals(2, outcome.code());
  }
}
