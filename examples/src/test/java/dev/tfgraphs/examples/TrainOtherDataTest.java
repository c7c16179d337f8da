package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainOtherDataTest {
  @TempDir private Path folder;

  @Test
  void aFolderOfClassFoldersIsLearned() throws IOException {
    Path data = TestImages.folder(folder.resolve("photos"), 10);
    Path run = folder.resolve("run");
    List<String> said =
        Cli.run(
                "train",
                "--data",
                data,
                "--epochs",
                1,
                "--optimizer",
                "sgd",
                "--device",
                "cpu",
                "--output",
                run)
            .succeeded()
            .out()
            .lines()
            .toList();
    assertEquals(
        "Training resnet20 on "
            + data
            + ": 16 samples to learn from, 4 to test, 2 classes, images of 20 x 20 colour.",
        said.get(0));
    assertEquals("The network sees 20 x 20 pixels and has 274,306 parameters.", said.get(1));
    assertEquals(
        "SGD from a learning rate of 0.1, 1 epoch of 1 step, batch size 32, on the CPU.",
        said.get(2));
    assertTrue(said.get(3).matches("Seed \\d+, chosen at random\\."), said.get(3));
    assertTrue(Files.notExists(run.resolve("samples")));
    assertEquals("Try: ./tfgraphs evaluate " + run, said.get(said.size() - 1));
    for (String picture : List.of("curves.svg", "predictions.svg")) {
      String title = Svg.read(run.resolve(picture)).texts().get(0).replace("\u2026", "");
      assertTrue(title.startsWith("resnet20 on "), title);
      assertTrue(("resnet20 on " + data).startsWith(title), title);
    }

    Path image = data.resolve("dark/0.png");
    String predicted = Cli.run("predict", run, image).succeeded().out();
    assertTrue(predicted.startsWith(image + "  "), predicted);
    assertTrue(predicted.contains("dark") && predicted.contains("light"), predicted);
    String evaluated = Cli.run("evaluate", run, "--data", data).succeeded().out();
    assertTrue(evaluated.endsWith("Samples: 20\n"), evaluated);
    checkHeldOut(said, run, data);
  }

  private static void checkHeldOut(List<String> said, Path run, Path data) throws IOException {
    String heldOut = Cli.run("evaluate", run).succeeded().out();
    String tested =
        said.stream().filter(line -> line.startsWith("Test ")).findFirst().orElseThrow();
    assertTrue(heldOut.startsWith(tested.replace("Test accuracy", "Accuracy") + "\n"), heldOut);
    assertTrue(
        heldOut.endsWith(
            "\nSamples: 4\nData: " + data + ", the samples that the run was tested on\n"),
        heldOut);
    for (int i = 0; i < 5; i++) {
      Files.delete(data.resolve("dark/" + i + ".png"));
    }
    assertEquals(
        "tfgraphs evaluate: --data: expected the 4 samples of "
            + data
            + " that the run was tested on, received 3: the folder has changed; to evaluate all of"
            + " it, say --data "
            + data
            + "\n",
        Cli.run("evaluate", run).err());
    Files.move(data, data.resolveSibling("elsewhere"));
    assertEquals(
        "tfgraphs evaluate: --data: expected what the run was trained on, '"
            + data
            + "', received nothing there; say --data and where it is now\n",
        Cli.run("evaluate", run).err());
    Path settings = run.resolve("run.json");
    Files.writeString(settings, Files.readString(settings).substring(0, 100));
    assertEquals(
        "tfgraphs evaluate: " + settings + ": expected JSON, received other text; say --data\n",
        Cli.run("evaluate", run).err());
  }

  @Test
  void aFewStepsAreEnoughForTheAverages() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 20);
    Path run = folder.resolve("run");
    String out =
        Cli.run("train", "--quiet", "--data", data, "--epochs", 12, "--seed", 1, "--output", run)
            .succeeded()
            .out();
    assertTrue(out.startsWith("Test accuracy: 100.00 %\n"), out);
  }

  @Test
  void aSingleSampleIsOne() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 3);
    Path run = folder.resolve("run");
    String out =
        Cli.run("train", "--data", data, "--limit", 1, "--epochs", 1, "--output", run)
            .succeeded()
            .out();
    assertTrue(out.contains(data + ": 1 sample to learn from, 1 to test, 2 classes, "), out);
    Files.writeString(data.resolve("dark/1.png"), "not an image");
    Files.writeString(data.resolve("light/2.png"), "not an image");
    Cli.Outcome outcome = Cli.run("evaluate", run, "--data", data);
    String problem = ": expected a BMP, GIF, JPEG or PNG, received other bytes";
    assertEquals(
        List.of(
            "tfgraphs evaluate: image " + data.resolve("dark/1.png") + problem,
            "tfgraphs evaluate: image " + data.resolve("light/2.png") + problem,
            "tfgraphs evaluate: --data: expected images that can be decoded, received 2 of 6 that"
                + " cannot; mend or delete them"),
        outcome.err().lines().toList());
    assertEquals(2, outcome.code());
  }

  @Test
  void cifar10IsLearned() throws IOException {
    Path data = TestImages.cifar10(folder.resolve("cifar"), 10);
    Path run = folder.resolve("run");
    String said =
        Cli.run("train", "--data", data, "--epochs", 1, "--limit", 16, "--output", run)
            .succeeded()
            .out();
    assertTrue(
        said.startsWith(
            "Training resnet20 on "
                + data
                + ": 16 samples to learn from, 10 to test, 10 classes, images of 32 x 32"
                + " colour.\n"),
        said);
    String evaluated = Cli.run("evaluate", run, "--data", data).succeeded().out();
    assertTrue(evaluated.endsWith("Samples: 10\n"), evaluated);
    Path sample = run.resolve("samples/03_is_cat.png");
    assertTrue(Cli.run("predict", run, sample).succeeded().out().startsWith(sample + "  "));
  }
}
