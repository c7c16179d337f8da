package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ObjectArrays;
import com.google.gson.JsonParser;
import dev.tfgraphs.applications.Heads;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.Downloads;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.ModelFileException;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ResNet50 with random weights is carried over to a few small images. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransferCommandTest {
  private Path folder = Path.of("");
  private Path photos = Path.of("");
  private Path weights = Path.of("");
  private Path run = Path.of("");
  private String said = "";
  private Path twins = Path.of("");
  private Path twinsRun = Path.of("");
  private Cli.Outcome ofTwins = new Cli.Outcome(1, "", "");

  @BeforeAll
  void transfer(@TempDir Path place) throws IOException {
    folder = place;
    photos = TestImages.folder(place.resolve("photos"), 8);
    weights = place.resolve("resnet50.weights.h5");
    Model whole = KerasResNet.RESNET50.model(x -> x, 32, 32, 3);
    WeightFiles.write(weights, whole, random(whole));
    run = place.resolve("run");
    said =
        transferred(
                new Interrupt(),
                photos,
                "--epochs",
                8,
                "--fine-tune-epochs",
                1,
                "--validation-split",
                0.25,
                "--seed",
                7,
                "--output",
                run)
            .succeeded()
            .out();
    transferTwins();
  }

  private static Weights random(Model model) {
    try (Trainer trainer = Trainer.of(model, Compile.of(Optimizer.sgd(0.1)).seed(1))) {
      return trainer.weights();
    }
  }

  /** Copies of the same images in two classes, so that some are mistaken, and what is no image. */
  private void transferTwins() throws IOException {
    twins = folder.resolve("twins");
    for (String name : List.of("a", "b")) {
      Path files = Files.createDirectories(twins.resolve(name));
      for (int i = 0; i < 6; i++) {
        Files.copy(photos.resolve("dark").resolve(i + ".png"), files.resolve(i + ".png"));
      }
    }
    Files.writeString(twins.resolve("a/text.png"), "not an image");
    twinsRun = folder.resolve("twins-run");
    Object[] options = {
      "--validation-split", 0.5, "--epochs", 1, "--fine-tune-epochs", 0, "--augment", "--seed", 1
    };
    ofTwins =
        transferred(
            new Interrupt(),
            twins,
            ObjectArrays.concat(
                options,
                new Object[] {"--quiet", "--skip-broken", "--output", twinsRun},
                Object.class));
  }

  private Cli.Outcome transferred(Interrupt interrupt, Path data, Object... more) {
    Object[] command = {"transfer", "--data", data, "--weights", weights, "--image-size", 32};
    return Cli.run(interrupt, ObjectArrays.concat(command, more, Object.class));
  }

  @Test
  void saysWhatItDoesAndWhatItWrote() {
    assertTrue(
        said.startsWith(
            "Transferring resnet50 with the weights %s to %s: 12 images to learn from, 4 held out, 2 classes, scaled to 32 x 32.\nSeed 7.\nA new head behind frozen layers, whose features are made once:\n"
                .formatted(weights, photos)),
        said);
    assertTrue(said.contains("\nFine-tuning from conv5 on:\n"), said);
    assertTrue(said.contains("\nAccuracy: 100.00 % of 4 held-out images\n"), said);
    assertTrue(said.contains("\n  dark       1.000   1.000   1.000"), said);
    assertTrue(said.contains("\nWritten to " + run + ":\n"), said);
    assertTrue(said.endsWith("Try: ./tfgraphs predict " + run + " " + photos + "\n"), said);
  }

  @Test
  void writesAReport() throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      assertEquals(
          List.of(
              "classes.csv",
              "confusion.csv",
              "confusion.png",
              "confusion.svg",
              "curves.png",
              "curves.svg",
              "history.csv",
              "model",
              "model.keras",
              "pictures",
              "run.json"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertEquals(1 + 8 + 1, Files.readAllLines(run.resolve("history.csv")).size());
    assertEquals(
        "class,precision,recall,f1,images", Files.readAllLines(run.resolve("classes.csv")).get(0));
    var settings = JsonParser.parseString(Files.readString(run.resolve("run.json")));
    assertEquals(
        "./tfgraphs transfer --data %s --weights %s --model resnet50 --epochs 8 --fine-tune-epochs 1 --unfreeze conv5 --image-size 32 --validation-split 0.25 --batch-size 32 --seed 7"
            .formatted(photos, weights),
        settings.getAsJsonObject().get("command").getAsString());
  }

  @Test
  void theOtherCommandsTakeTheRun() {
    Path image = photos.resolve("light/3.png");
    String predicted = Cli.run("predict", run, image).succeeded().out();
    assertTrue(predicted.matches("(?s).*3\\.png +light +\\d.*"), predicted);
    String evaluated = Cli.run("evaluate", run).succeeded().out();
    assertTrue(evaluated.startsWith("Accuracy: 100.00 %\n"), evaluated);
    assertTrue(evaluated.contains("Samples: 4\n"), evaluated);
    try (LoadedModel model = SavedModels.load(run.resolve("model"))) {
      assertEquals(List.of("dark", "light"), model.classNames());
      assertEquals(
          List.of("classify", "classify_bytes", "serving_bytes", "serving_default"),
          model.signatures().stream().map(Signature::name).sorted().toList());
    }
  }

  @Test
  void brokenImagesAreAllNamedAndLeftOutIfSaidSo() {
    Path output = folder.resolve("broken");
    Cli.Outcome outcome = transferred(new Interrupt(), twins, "--output", output);
    String problem =
        "tfgraphs transfer: image "
            + twins.resolve("a/text.png")
            + ": expected a BMP, GIF, JPEG or PNG, received other bytes\n";
    assertEquals(
        problem
            + "tfgraphs transfer: --data: expected images that can be decoded, received 1 of 13"
            + " that cannot; mend or delete it, or leave out such images with --skip-broken\n",
        outcome.err());
    assertEquals(2, outcome.code());
    assertFalse(Files.exists(output));
    assertEquals(problem, ofTwins.err());
    assertEquals(0, ofTwins.code());
    assertTrue(Cli.run("evaluate", twinsRun).succeeded().out().contains("Samples: 6\n"));
  }

  @Test
  void mistakesAreShown() throws IOException {
    List<String> texts = Svg.read(twinsRun.resolve("mistakes.svg")).texts();
    assertTrue(texts.get(0).startsWith("The worst mistakes of resnet50 on "), texts.get(0));
    assertTrue(texts.get(1).contains("; 0 of "), texts.get(1));
    assertTrue(Files.exists(twinsRun.resolve("mistakes.png")));
    assertTrue(Files.size(twinsRun.resolve("confusion.png")) > 0);
    List<String> rows = Files.readAllLines(twinsRun.resolve("confusion.csv"));
    assertEquals("class,a,b", rows.get(0));
  }

  @Test
  void anInterruptWritesWhatIsDone() throws IOException {
    Interrupt interrupt = new Interrupt();
    interrupt.request(2);
    Path output = folder.resolve("interrupted");
    assertEquals(130, transferred(interrupt, photos, "--quiet", "--output", output).code());
    assertTrue(Files.isDirectory(output.resolve("model/1")));
    // an epoch is a single step here
    assertEquals(1 + 1, Files.readAllLines(output.resolve("history.csv")).size());
    assertTrue(Files.readString(output.resolve("run.json")).contains("\"interrupted\": true"));
  }

  @Test
  void aTopIsLeftOut() {
    Model top = KerasResNet.RESNET50.model(x -> Heads.classifier(x, 7), 32, 32, 3);
    Weights all = random(top);
    Path file = folder.resolve("top.h5");
    WeightFiles.write(file, top, all);
    Model backbone = KerasResNet.RESNET50.model(x -> x, 32, 32, 3);
    Weights read = PretrainedWeights.read(file, KerasResNet.RESNET50, backbone);
    read.checkFit(backbone);
    assertEquals(all.get("conv5_block3_3_conv/kernel"), read.get("conv5_block3_3_conv/kernel"));
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    Path output = folder.resolve("other");
    Cli.Outcome outcome =
        transferred(new Interrupt(), photos, "--model", "resnet101", "--output", output);
    assertTrue(outcome.err().startsWith("tfgraphs transfer: weights " + weights), outcome.err());
    assertEquals(2, outcome.code());
    assertFalse(Files.exists(output));
  }

  @Test
  void aDownloadThatFailsSaysWhatToPutWhere() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    ModelFileException e =
        assertThrows(
            ModelFileException.class,
            () ->
                new PretrainedWeights("imagenet").file(KerasResNet.RESNET50, Downloads.into(file)));
    assertEquals(
        "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5 cannot be written into "
            + file
            + ": that is a file",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--weights nowhere.h5 | --weights: expected imagenet or a file of weights, received"
            + " 'nowhere.h5', which is not there",
        "--model resnet18 | --model: expected one of resnet50, resnet101, resnet152, resnet50v2,"
            + " resnet101v2, resnet152v2, received 'resnet18'",
        "--unfreeze conv6 | --unfreeze: expected conv2, conv3, conv4, conv5 or all, received"
            + " 'conv6'",
        "--image-size 31 | --image-size: expected 32 or more, received 31",
        "--validation-split 1 | --validation-split: expected more than 0 and less than 1, received"
            + " 1.0",
        "--batch-size 0 | --batch-size: expected 1 or more, received 0",
        "--seeds 3 | --seeds: expected without --data only, received with it",
      })
  void wrongTurnsAreRefused(String options, String message) {
    Path output = folder.resolve("refused");
    Object[] command =
        Stream.concat(
                Stream.of("transfer", "--data", photos, "--output", output),
                Stream.of(options.split(" ")))
            .toArray();
    Cli.Outcome outcome = Cli.run(command);
    assertEquals("tfgraphs transfer: " + message + "\n", outcome.err());
    assertEquals(2, outcome.code());
    assertFalse(Files.exists(output));
  }

  @Test
  void foldersThatHoldNoClassesAreRefused() throws IOException {
    assertEquals(
        "tfgraphs transfer: --data: expected a folder of class folders, received '%s', which is not there\n"
            .formatted(folder.resolve("nothing")),
        Cli.run("transfer", "--data", folder.resolve("nothing")).err());
    Path one = Files.createDirectories(folder.resolve("one"));
    Files.copy(
        photos.resolve("dark/1.png"), Files.createDirectory(one.resolve("a")).resolve("1.png"));
    assertEquals(
        "tfgraphs transfer: --data: expected two or more class folders in %s, received one, %s\n"
            .formatted(one, one.resolve("a")),
        Cli.run("transfer", "--data", one, "--weights", weights).err());
    assertEquals(
        "tfgraphs transfer: --data: expected images of a class in every subfolder, received %s, which 'train' wrote\n"
            .formatted(run),
        Cli.run("transfer", "--data", run, "--weights", weights).err());
  }
}
