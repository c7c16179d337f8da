package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused is refused in one line, with exit code 2, and leaves nothing. */
class CommandErrorsTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "trian | tfgraphs: unknown command 'trian'; did you mean train? (see './tfgraphs --help')",
        "train --epoch 3 | tfgraphs train: unknown option '--epoch'; did you mean --epochs? (see"
            + " './tfgraphs train --help')",
        "train more | tfgraphs train: unexpected argument 'more' (see './tfgraphs train --help')",
        "train --epochs x | tfgraphs train: --epochs: expected a whole number, received 'x' (see"
            + " './tfgraphs train --help')",
        "train --batch-size 1.5 | tfgraphs train: --batch-size: expected a whole number, received"
            + " '1.5' (see './tfgraphs train --help')",
        "train --epochs 9999999999 | tfgraphs train: --epochs: expected a whole number of at most"
            + " 2147483647, received '9999999999' (see './tfgraphs train --help')",
        "train --seed x | tfgraphs train: --seed: expected a whole number, received 'x' (see"
            + " './tfgraphs train --help')",
        "train --seed 99999999999999999999 | tfgraphs train: --seed: expected a whole number of at"
            + " most 9223372036854775807, received '99999999999999999999' (see './tfgraphs train"
            + " --help')",
        "train --learning-rate fast | tfgraphs train: --learning-rate: expected a number, received"
            + " 'fast' (see './tfgraphs train --help')",
        "train --quiet=3 | tfgraphs train: --quiet: expected no value, received '3' (see"
            + " './tfgraphs train --help')",
        "train --epochs | tfgraphs train: --epochs: expected N, received nothing (see './tfgraphs"
            + " train --help')",
        "train --epochs 3 --epochs 4 | tfgraphs train: --epochs: expected once, received more than"
            + " once (see './tfgraphs train --help')",
        "train --epochs 0 | tfgraphs train: --epochs: expected 1 or more, received 0",
        "train --batch-size -1 | tfgraphs train: --batch-size: expected 1 or more, received -1",
        "train --image-size 0 | tfgraphs train: --image-size: expected 1 or more, received 0",
        "train --image-size 20 | tfgraphs train: --image-size: expected a multiple of 8, the size"
            + " of the digits, received 20",
        "train --image-size 4 | tfgraphs train: --image-size: expected a multiple of 8, the size of"
            + " the digits, received 4",
        "train --learning-rate 0 | tfgraphs train: --learning-rate: expected a positive number,"
            + " received 0.0",
        "train --learning-rate Infinity | tfgraphs train: --learning-rate: expected a positive"
            + " number, received Infinity",
        "train --seed -1 | tfgraphs train: --seed: expected a number from 0 to 4294967295, received"
            + " -1",
        "train --limit 0 | tfgraphs train: --limit: expected 1 or more, received 0",
        "train --limit -1 | tfgraphs train: --limit: expected 1 or more, received -1",
        "train --optimizer rmsprop | tfgraphs train: --optimizer: expected adam or sgd, received"
            + " 'rmsprop'",
        "train --device tpu | tfgraphs train: --device: expected auto, cpu or gpu, received 'tpu'",
        "train --model resnet50 | tfgraphs train: --model: expected one of resnet18, resnet34,"
            + " resnet20, resnet32, resnet44, resnet56, resnet110, cifar_resnet20, cifar_resnet32,"
            + " cifar_resnet44, cifar_resnet56, cifar_resnet110, cifar_resnet1202,"
            + " cifar_resnet164v2, cifar_resnet1001v2, cifar_resnet110v2, received 'resnet50'",
        "train --data no/such | tfgraphs train: --data: expected 'digits', a CIFAR-10 folder or a"
            + " folder of class folders, received 'no/such', which is not there",
        "compare bottleneck | tfgraphs compare: VARIANT: expected one of residual, plain, halved,"
            + " both-halved, exclusive-gating, shortcut-gating, convolution, dropout,"
            + " bn-after-addition, relu-before-addition, relu-only-pre-activation,"
            + " full-pre-activation, received 'bottleneck'",
        "compare plain pre-activation | tfgraphs compare: VARIANT: expected one of residual, plain,"
            + " halved, both-halved, exclusive-gating, shortcut-gating, convolution, dropout,"
            + " bn-after-addition, relu-before-addition, relu-only-pre-activation,"
            + " full-pre-activation, received 'pre-activation'; did you mean full-pre-activation?",
        "compare Plain | tfgraphs compare: VARIANT: expected one of residual, plain, halved,"
            + " both-halved, exclusive-gating, shortcut-gating, convolution, dropout,"
            + " bn-after-addition, relu-before-addition, relu-only-pre-activation,"
            + " full-pre-activation, received"
            + " 'Plain'; did you mean plain?",
        "compare --depth 20,21 | tfgraphs compare: --depth: expected 6n + 2, such as 20, received"
            + " 21",
        "compare --depth 2 | tfgraphs compare: --depth: expected 6n + 2, such as 20, received 2",
        "compare --depth deep | tfgraphs compare: --depth: expected a whole number, received 'deep'"
            + " (see './tfgraphs compare --help')",
        "compare --seeds 0 | tfgraphs compare: --seeds: expected 1 or more, received 0",
        "compare --seed 4294967294 | tfgraphs compare: --seed: expected a number from 0 to"
            + " 4294967295, received 4294967296",
        "compare --epochs 0 | tfgraphs compare: --epochs: expected 1 or more, received 0",
        "compare --image-size 12 | tfgraphs compare: --image-size: expected a multiple of 8, the"
            + " size of the digits, received 12",
        "compare --output pom.xml | tfgraphs compare: --output: expected a folder that is not there"
            + " yet, received 'pom.xml'",
        "predict | tfgraphs predict: expected MODEL, received nothing (see './tfgraphs predict"
            + " --help')",
        "predict no/such | tfgraphs predict: expected INPUT, received nothing (see './tfgraphs"
            + " predict --help')",
        "predict no/such a.png | tfgraphs predict: model no/such: expected a file or folder, found"
            + " none",
        "predict no/such a.png --output a.txt | tfgraphs predict: --output: expected a file that"
            + " ends in .npy or .npz, received 'a.txt'",
        "predict no/such a.png --output no/such/a.npy | tfgraphs predict: --output: expected a file"
            + " in a folder that is there, received 'no/such/a.npy'",
        "evaluate | tfgraphs evaluate: expected MODEL, received nothing (see './tfgraphs evaluate"
            + " --help')",
        "evaluate no/such | tfgraphs evaluate: model no/such: expected a file or folder, found"
            + " none",
        "evaluate no/such d.npz --batch-size 0 | tfgraphs evaluate: --batch-size: expected 1 or"
            + " more, received 0",
        "evaluate no/such d.npz --data digits | tfgraphs evaluate: --data: expected DATA or --data,"
            + " received both",
        "fit | tfgraphs fit: expected MODEL, received nothing (see './tfgraphs fit --help')",
        "summary --classes 0 | tfgraphs summary: --classes: expected 1 or more, received 0",
        "summary --image-size 0 | tfgraphs summary: --image-size: expected 1 or more, received 0",
        "summary --image-size x | tfgraphs summary: --image-size: expected a whole number, received"
            + " 'x' (see './tfgraphs summary --help')",
        "summary --channels 2 | tfgraphs summary: --channels: expected 1 or 3, received 2",
        "summary --model vgg | tfgraphs summary: --model: expected a name that './tfgraphs models'"
            + " lists, received 'vgg'",
        "summary --model ResNet50 | tfgraphs summary: --model: expected a name that './tfgraphs"
            + " models' lists, received 'ResNet50'; did you mean resnet50?",
        "diagram resnet50 | tfgraphs diagram: --output: expected FILE, received nothing (see"
            + " './tfgraphs diagram --help')",
        "diagram resnet50 --output a.pdf | tfgraphs diagram: --output: expected a file that ends in"
            + " .svg or .png or .dot or .mmd, received 'a.pdf'",
        "diagram resnet50 --output no/such/a.svg | tfgraphs diagram: --output: expected a file in a"
            + " folder that is there, received 'no/such/a.svg'",
        "diagram resnet5 --output a.svg | tfgraphs diagram: MODEL: expected a name that"
            + " './tfgraphs models' lists, or a file (.keras, a whole .h5, or the .json of Keras's"
            + " to_json), received 'resnet5'; did you mean resnet50?",
        "diagram pom.xml --output a.svg | tfgraphs diagram: weights pom.xml: expected a file of"
            + " weights (.keras, .weights.h5, .h5, .hdf5, .weights.json, .safetensors, .index),"
            + " received one that begins with 3c 3f 78 6d 6c 20 76 65 72 73 69 6f 6e 3d 22 31",
        "diagram resnet50 --output a.svg --blocks --stages | tfgraphs diagram: --blocks:"
            + " expected --blocks or --stages, received both",
        "diagram resnet152 --output a.png | tfgraphs diagram: --output: diagram of 'resnet152':"
            + " expected at most 16,000 points in a picture, received 483 x 38,827; write an SVG,"
            + " or show blocks or stages alone",
        "help trian | tfgraphs: unknown command 'trian'; did you mean train? (see './tfgraphs"
            + " --help')",
        "help nothing | tfgraphs: unknown command 'nothing' (see './tfgraphs --help')",
        "help eval | tfgraphs: unknown command 'eval'; did you mean evaluate? (see './tfgraphs"
            + " --help')",
        "help train more | tfgraphs help: unexpected argument 'more' (see './tfgraphs help"
            + " --help')",
        "doctor now | tfgraphs doctor: unexpected argument 'now' (see './tfgraphs doctor --help')",
      })
  void isRefused(String line, String message) {
    assertRefused(message, (Object[]) line.strip().split(" "));
  }

  @Test
  void aFileIsNoData() throws IOException {
    Path file = Files.writeString(folder.resolve("photos.zip"), "");
    assertRefused(
        "tfgraphs train: --data: expected 'digits', a CIFAR-10 folder or a folder of class folders,"
            + " received '"
            + file
            + "', which is no folder",
        "train",
        "--data",
        file);
  }

  @Test
  void aFolderWithoutClassesIsNoData() {
    assertRefused(
        "tfgraphs train: --data: expected a subfolder for each class in "
            + folder
            + ", received none",
        "train",
        "--data",
        folder);
  }

  @Test
  void aSingleClassIsNoData() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 1);
    Path up = Files.createDirectory(folder.resolve("up"));
    Files.move(data, up.resolve("data"));
    assertRefused(
        "tfgraphs train: --data: expected two or more class folders in "
            + up.resolve("data")
            + ", received one, "
            + up.resolve("data/light"),
        "train",
        "--data",
        without(up.resolve("data"), "dark"));
    assertRefused(
        "tfgraphs train: --data: expected two or more class folders in "
            + up
            + ", received one, "
            + up.resolve("data")
            + "; if the classes are its subfolders, name it instead",
        "train",
        "--data",
        up);
  }

  @Test
  void imagesTooFewToHoldSomeOutAreNoData() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 1);
    assertRefused(
        "tfgraphs train: --data: expected a sample or more in each part, received a validation"
            + " split of 0.2 and 2 samples",
        "train",
        "--data",
        data);
  }

  private static Path without(Path data, String name) throws IOException {
    MoreFiles.deleteRecursively(data.resolve(name), RecursiveDeleteOption.ALLOW_INSECURE);
    return data;
  }

  @Test
  void anEmptyPathIsNotTheWorkingFolder() {
    assertRefused(
        "tfgraphs train: --data: expected 'digits', a CIFAR-10 folder or a folder of class folders,"
            + " received '', which is not there",
        "train",
        "--data",
        "");
    assertRefused(
        "tfgraphs train: --output: expected a path, received '' (see './tfgraphs train --help')",
        "train",
        "--output",
        "");
    assertRefused(
        "tfgraphs predict: INPUT: expected a path, received '' (see './tfgraphs predict --help')",
        "predict",
        "model",
        "");
  }

  @Test
  void aRunIsNoData() throws IOException {
    Files.createDirectory(folder.resolve("model"));
    Files.writeString(folder.resolve("run.json"), "{}");
    assertRefused(
        "tfgraphs train: --data: expected images of a class in every subfolder, received "
            + folder
            + ", which 'train' wrote",
        "train",
        "--data",
        folder);
  }

  @Test
  void aClassWithoutImagesIsNoData() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 1);
    Path empty = Files.createDirectory(data.resolve("empty"));
    Files.writeString(empty.resolve("notes.txt"), "to do");
    assertRefused(
        "tfgraphs train: --data: expected images of a class in every subfolder, received "
            + empty
            + ", which holds none; fill or delete it",
        "train",
        "--data",
        data);
  }

  @Test
  void whatTrainWroteIsNoClass() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 1);
    Path run = data.resolve("runs/2025-01-31_12-00-00");
    Files.createDirectories(run.resolve("model"));
    Files.writeString(run.resolve("run.json"), "{}");
    assertRefused(
        "tfgraphs train: --data: expected images of a class in every subfolder, received "
            + data.resolve("runs")
            + ", which holds what 'train' wrote; move it out of "
            + data,
        "train",
        "--data",
        data);
  }

  @Test
  void anOutputInsideOfTheDataIsRefused() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 5);
    Path output = data.resolve("runs/first");
    assertRefused(
        "tfgraphs train: --output: expected a folder outside of --data, where it would become a"
            + " class, received '"
            + output
            + "'",
        "train",
        "--data",
        data,
        "--output",
        output);
    assertTrue(Files.notExists(data.resolve("runs")));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has /dev/full")
  void aFullDiskIsAFailure() throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    Process full =
        Cli.process(List.of(), "summary")
            .redirectOutput(Path.of("/dev/full").toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(1, full.waitFor());
    assertEquals(
        "tfgraphs: standard output: expected to be written, but: No space left on device\n",
        Files.readString(err));
  }

  @Test
  void imagesThatCannotBeReadAreAllNamedBeforeTheTraining() throws IOException {
    Path data = TestImages.folder(folder.resolve("data"), 3);
    Path cut = data.resolve("dark").resolve("0.png");
    Files.write(cut, List.of("\u0089PNG\r\n\u001a\n and no more"), StandardCharsets.ISO_8859_1);
    Path parent = Files.createDirectory(folder.resolve("parent"));
    Object[] command = {"train", "--data", data, "--output", parent.resolve("new/output")};
    Cli.Outcome one = Cli.run(command);
    List<String> lines = one.err().lines().toList();
    assertTrue(
        lines.get(0).startsWith("tfgraphs train: image " + cut + ": cannot be decoded: "),
        one.err());
    assertEquals(
        List.of(
            "tfgraphs train: --data: expected images that can be decoded, received 1 of 6 that"
                + " cannot; mend or delete it"),
        lines.subList(1, lines.size()));
    assertEquals(2, one.code());

    Path text = Files.writeString(data.resolve("light").resolve("text.jpg"), "not an image");
    Cli.Outcome two = Cli.run(command);
    lines = two.err().lines().toList();
    assertTrue(
        lines.get(0).startsWith("tfgraphs train: image " + cut + ": cannot be decoded: "),
        two.err());
    assertEquals(
        List.of(
            "tfgraphs train: image "
                + text
                + ": expected a BMP, GIF, JPEG or PNG, received other bytes",
            "tfgraphs train: --data: expected images that can be decoded, received 2 of 7 that"
                + " cannot; mend or delete them"),
        lines.subList(1, lines.size()));
    assertEquals(2, two.code());
    try (Stream<Path> left = Files.list(parent)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void thePythonVersionOfCifar10IsRefusedByName() throws IOException {
    Files.writeString(folder.resolve("data_batch_1"), "");
    assertRefused(
        "tfgraphs train: CIFAR-10: expected "
            + folder.resolve("data_batch_1.bin")
            + " of the binary version, received nothing; the folder holds the Python version",
        "train",
        "--data",
        folder);
  }

  @Test
  void anOutputThatIsThereIsKept() throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "kept");
    assertRefused(
        "tfgraphs train: --output: expected a folder that is not there yet, received '"
            + folder
            + "'",
        "train",
        "--output",
        folder);
    assertEquals("kept", Files.readString(kept));
  }

  @Test
  void anOutputInAFileIsRefused() throws IOException {
    Path output = Files.writeString(folder.resolve("file"), "").resolve("output");
    assertRefused(
        "tfgraphs train: --output: expected a place that can be written to, received '"
            + output
            + "'",
        "train",
        "--output",
        output);
  }

  @Test
  void aFolderWithoutAModelIsNoModel() {
    assertRefused(
        "tfgraphs evaluate: SavedModel "
            + folder
            + ": expected saved_model.pb or a numbered folder, found none",
        "evaluate",
        folder);
  }

  @Test
  void verboseShowsTheStackTrace() {
    Cli.Outcome outcome = Cli.run("evaluate", "--verbose", folder);
    assertTrue(outcome.err().contains("\n\tat dev.tfgraphs."), outcome.err());
    assertEquals(2, outcome.code());
  }

  @Test
  void withoutACommandThereIsHelp() {
    Cli.Outcome outcome = Cli.run();
    assertTrue(outcome.err().startsWith("Usage: tfgraphs [-hV] [--verbose] COMMAND\n"));
    assertEquals("", outcome.out());
    assertEquals(2, outcome.code());
  }

  @ParameterizedTest
  @CsvSource({
    "train",
    "compare",
    "fit",
    "predict",
    "evaluate",
    "serve",
    "convert",
    "inspect",
    "summary",
    "models",
    "doctor"
  })
  void everyCommandHasHelpWithoutControlCharacters(String command) {
    String help = Cli.run(command, "--help").succeeded().out();
    assertTrue(help.startsWith("Usage: tfgraphs " + command + " ["), help);
    assertTrue(help.contains("\n  ./tfgraphs " + command) || command.equals("doctor"), help);
    assertTrue(help.chars().allMatch(c -> c >= ' ' || c == '\n'));
  }

  @Test
  void theVersionIsTold() {
    assertEquals("tfgraphs " + Main.version() + "\n", Cli.run("--version").succeeded().out());
  }

  private static void assertRefused(String message, Object... arguments) {
    Cli.Outcome outcome = Cli.run(arguments);
    assertEquals(message + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertEquals(2, outcome.code());
  }
}
