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

    Path image = data.resolve("dark/0.png");
    String predicted = Cli.run("predict", run, image).succeeded().out();
    assertTrue(predicted.startsWith(image + "  "), predicted);
    assertTrue(predicted.contains("dark") && predicted.contains("light"), predicted);
    String evaluated = Cli.run("evaluate", run, "--data", data).succeeded().out();
    assertTrue(evaluated.endsWith("Samples: 20\n"), evaluated);
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
