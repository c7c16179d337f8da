package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.examples.TinyModel.Kind;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConvertCommandTest {
  @TempDir private Path folder;
  private TinyModel tiny;
  private Path keras;
  private Path out;

  @BeforeEach
  void makeModel() throws IOException {
    tiny = TinyModel.writeTo(folder);
    keras = Kind.KERAS.in(folder);
    out = Files.createDirectory(folder.resolve("out"));
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Kind.values())
        .flatMap(from -> Arrays.stream(Kind.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest(name = "{0} to {1}")
  @MethodSource("pairs")
  void weightsStayWhatTheyAreToTheBit(Kind from, Kind to) {
    Path source = from == Kind.KERAS ? keras : tiny.write(from, folder);
    List<Object> arguments = new ArrayList<>(List.of("convert", source, to.in(out)));
    arguments.addAll(from == Kind.KERAS ? List.of() : List.of("--model", keras));
    arguments.addAll(to == Kind.SAVED_MODEL ? List.of("--to", "saved-model") : List.of());
    Cli.Outcome outcome = Cli.run(arguments.toArray());
    Path written = to == Kind.SAVED_MODEL ? to.in(out).resolve("1") : to.in(out);
    assertEquals(written + ": 8 weights, 37 numbers\n", outcome.out());
    assertEquals(note(from, to, written), outcome.err());
    assertEquals(0, outcome.code());
    Optional<String> model = to == Kind.KERAS ? Optional.empty() : Optional.of(keras.toString());
    assertEquals(tiny.weights(), ModelFile.described(written, model).weights());
  }

  private String note(Kind from, Kind to, Path written) {
    String what =
        switch (from) {
          case SAVED_MODEL -> "its graph and its signatures";
          case KERAS ->
              switch (to) {
                case KERAS -> "";
                case SAVED_MODEL -> "its training";
                default -> "its layers and its training";
              };
          default -> "";
        };
    return what.isEmpty()
        ? ""
        : "tfgraphs convert: note: %s has no place for what %s says of %s\n"
            .formatted(written, from.in(folder), what);
  }

  @Test
  void anOptimizerThatIsLeftOutIsSaid() throws IOException {
    Path weights = TinyModel.unpacked(keras).resolve("model.weights.h5");
    Path written = out.resolve("net.safetensors");
    Cli.Outcome outcome = Cli.run("convert", weights, written, "--model", keras);
    assertEquals(
        "tfgraphs convert: note: %s has no place for what %s says of its optimizer (14 tensors)\n"
            .formatted(written, weights),
        outcome.err());
    assertEquals(0, outcome.code());
  }

  @Test
  void theTrainingGoesAlong() {
    Path copy = out.resolve("copy.keras");
    Cli.run("convert", keras, copy).succeeded();
    try (Trainer before = KerasModels.load(keras).trainer();
        Trainer after = KerasModels.load(copy).trainer()) {
      assertEquals(
          before.compile().config(before.model()).settings(),
          after.compile().config(after.model()).settings());
      assertEquals(before.optimizerWeights(), after.optimizerWeights());
      assertEquals(1, after.optimizerWeights().iteration());
    }
  }

  @Test
  void whatWasThereIsReplaced() throws IOException {
    Path there = Files.writeString(out.resolve("net.safetensors"), "old");
    assertEquals(0, Cli.run("convert", keras, there).code());
    assertEquals(
        tiny.weights(), ModelFile.described(there, Optional.of(keras.toString())).weights());
  }

  @Test
  void aSavedModelGetsAnotherVersion() {
    Path base = out.resolve("net");
    assertEquals(0, Cli.run("convert", keras, base, "--to", "saved-model").code());
    Cli.Outcome second = Cli.run("convert", keras, base, "--to", "saved-model", "--folded");
    assertEquals(base.resolve("2") + ": 8 weights, 37 numbers\n", second.out());
    assertTrue(Files.exists(base.resolve("1/saved_model.pb")));
    assertTrue(Files.exists(base.resolve("1/variables")));
    assertFalse(Files.exists(base.resolve("2/variables/variables.index")));
  }

  @Test
  void aSavedModelGetsWhatServersAskFor() throws IOException {
    Path base = out.resolve("net");
    Path labels = Files.write(folder.resolve("labels.txt"), List.of("ant", "bee", "cat"));
    Cli.Outcome outcome =
        Cli.run("convert", keras, base, "--to", "saved-model", "--image-bytes", "--labels", labels);
    assertEquals(0, outcome.code(), outcome.err());
    try (LoadedModel loaded = SavedModels.load(base)) {
      assertEquals(ImmutableList.of("ant", "bee", "cat"), loaded.classNames());
      assertEquals(
          List.of("classify", "classify_bytes", "serving_bytes", "serving_default"),
          loaded.signatures().stream().map(Signature::name).toList());
    }
  }

  @Test
  void shardsAreAsLargeAsTheyMayBe() throws IOException {
    Path index = out.resolve("net.weights.json");
    assertEquals(0, Cli.run("convert", keras, index, "--shard-bytes", 72).code());
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(
          List.of(
              "net.weights.json",
              "net_00000.weights.h5",
              "net_00001.weights.h5",
              "net_00002.weights.h5"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertEquals(
        tiny.weights(), ModelFile.described(index, Optional.of(keras.toString())).weights());
  }

  @Test
  void aCheckpointMayBeCalledAsItsNamesBegin() {
    Cli.Outcome outcome = Cli.run("convert", keras, out.resolve("ckpt"), "--to", "checkpoint");
    assertEquals(out.resolve("ckpt.index") + ": 8 weights, 37 numbers\n", outcome.out());
    Path whole = out.resolve("whole.keras");
    Cli.run("convert", out.resolve("ckpt"), whole, "--from", "checkpoint", "--model", keras)
        .succeeded();
    assertEquals(tiny.weights(), KerasModels.load(whole).weights());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "convert | expected IN, received nothing (see './tfgraphs convert --help')",
        "convert @/tiny.keras | expected OUT, received nothing (see './tfgraphs convert --help')",
        "convert @/no.keras @/a.h5 | model @/no.keras: expected a file or folder, found none",
        "convert @/labels.txt @/a.h5 | weights @/labels.txt: expected a file of weights (.keras,"
            + " .weights.h5, .h5, .hdf5, .weights.json, .safetensors, .index), received one that"
            + " begins with 61 6e 74 0a",
        "convert @/out @/a.h5 | SavedModel @/out: expected saved_model.pb or a numbered folder,"
            + " found none",
        "convert @/tiny.keras @/a.bin | OUT: expected a name that says what to write, or --to with"
            + " one of keras, weights.h5, weights.json, h5, safetensors, checkpoint, saved-model,"
            + " received '@/a.bin'",
        "convert @/tiny.keras @/a.bin --to npz | --to: expected one of keras, weights.h5,"
            + " weights.json, h5, safetensors, checkpoint, saved-model, received 'npz'",
        "convert @/tiny.keras @/a.bin --to keras | OUT: expected a name that ends with .keras for"
            + " --to keras, received '@/a.bin'",
        "convert @/tiny.keras @/a.weights.h5 --to h5 | OUT: expected a name that ends with .h5 for"
            + " --to h5, received '@/a.weights.h5'",
        "convert @/tiny.keras @/a.h5 --from npz | --from: expected one of keras, weights.h5,"
            + " weights.json, h5, safetensors, checkpoint, saved-model, received 'npz'",
        "convert @/tiny.keras @/a.h5 --from h5 | --from: expected keras, which @/tiny.keras is,"
            + " received 'h5'",
        "convert @/tiny.keras @/no/a.h5 | OUT: expected a file in a folder that is there, received"
            + " '@/no/a.h5'",
        "convert @/tiny.keras @/tiny.keras | OUT: expected another place than that of IN, received"
            + " '@/tiny.keras'",
        "convert @/tiny.keras @/./out/../tiny.keras | OUT: expected another place than that of IN,"
            + " received '@/./out/../tiny.keras'",
        "convert @/tiny @/tiny.index --model @/tiny.keras | OUT: expected another place than that"
            + " of IN, received '@/tiny.index'",
        "convert @/unpacked @/unpacked/model.weights.h5 | OUT: expected another place than that of"
            + " IN, received '@/unpacked/model.weights.h5'",
        "convert @/tiny.weights.json @/tiny_00000.weights.h5 --model @/tiny.keras | OUT: expected"
            + " another place than that of IN, received '@/tiny_00000.weights.h5'",
        "convert @/tiny_00000.weights.h5 @/tiny.weights.json --model @/tiny.keras --shard-bytes 99"
            + " | OUT: expected a place beside which no file of IN is replaced, received"
            + " '@/tiny.weights.json', which may replace '@/tiny_00000.weights.h5'",
        "convert @/link_00001.weights.h5 @/tiny.weights.json --model @/tiny.keras | OUT: expected a"
            + " place beside which no file of IN is replaced, received '@/tiny.weights.json', which"
            + " may replace '@/link_00001.weights.h5'",
        "convert @/tiny.index @/tiny.keras --model @/tiny.keras | OUT: expected another place than"
            + " that of --model, received '@/tiny.keras'",
        "convert @/tiny.keras @ --to saved-model | OUT: expected a folder that is new, empty or has"
            + " numbered versions, received '@'",
        "convert @/tiny.keras @/labels.txt --to saved-model | OUT: expected a folder, received"
            + " '@/labels.txt'",
        "convert @/tiny.keras @/a.h5 --folded | --folded: expected with --to saved-model only,"
            + " received with h5",
        "convert @/tiny.keras @/a.h5 --image-bytes | --image-bytes: expected with --to saved-model"
            + " only, received with h5",
        "convert @/tiny.keras @/a.h5 --labels x | --labels: expected with --to saved-model only,"
            + " received with h5",
        "convert @/tiny.keras @/a.h5 --shard-bytes 9 | --shard-bytes: expected with --to"
            + " weights.json only, received with h5",
        "convert @/tiny.keras @/a.weights.json --shard-bytes 0 | --shard-bytes: expected 1 or more,"
            + " received 0",
        "convert @/tiny.keras @/a --to saved-model --labels @/no.txt | --labels: expected a file of"
            + " lines in UTF-8, received '@/no.txt'",
        "convert @/tiny.keras @/a --to saved-model --labels @/labels.txt | class names: expected 3"
            + " for the output (None, 3), received 1",
      })
  void aWrongTurnIsRefused(String line, String message) throws IOException {
    Files.writeString(folder.resolve("labels.txt"), "ant\n");
    tiny.write(Kind.CHECKPOINT, folder);
    Path shards = tiny.write(Kind.SHARDS, folder);
    Path shard = shards.resolveSibling("tiny_00000.weights.h5");
    Files.createSymbolicLink(shards.resolveSibling("link_00001.weights.h5"), shard);
    TinyModel.unpacked(keras);
    ImmutableMap<Path, Integer> before = files();
    assertRefused(message, (Object[]) line.replace("@", folder.toString()).split(" +"));
    assertEquals(before, files());
  }

  /** All files with the hashes of what is in them. */
  private ImmutableMap<Path, Integer> files() throws IOException {
    ImmutableMap.Builder<Path, Integer> files = ImmutableMap.builder();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.put(file, Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return files.buildOrThrow();
  }

  @Test
  void shardsBesideThoseOfAnotherNameAreWritten() throws IOException {
    Path shard = tiny.write(Kind.SHARDS, folder).resolveSibling("tiny_00000.weights.h5");
    Path other = folder.resolve("tiny_0.weights.json");
    Cli.run("convert", shard, other, "--model", keras).succeeded();
    assertTrue(Files.exists(folder.resolve("tiny_0_00000.weights.h5")));
  }

  private void assertRefused(String message, Object... arguments) {
    Cli.Outcome outcome = Cli.run(arguments);
    assertEquals(
        "tfgraphs convert: " + message.replace("@", folder.toString()) + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertEquals(Main.REFUSED, outcome.code());
  }

  @Test
  void allWeightsThatDoNotFitAreSaid() {
    tiny.write(Kind.SAFETENSORS, folder);
    Node image = input(4, 4, 1);
    Node x = image.to(conv2D(3, 3)).to(batchNormalization()).to(globalAveragePooling2D());
    Model other = Model.of(image, x.to(dense(3).name("head")));
    KerasModels.save(folder.resolve("other.keras"), other, weights(other));
    assertRefused(
        """
        weights @/tiny.safetensors (safetensors): expected the weights of the model, received others:
          conv2d/kernel: expected (3, 3, 1, 3), received (3, 3, 1, 2)
          conv2d/bias: expected (3,), received (2,)
          batch_normalization/gamma: expected (3,), received (2,)
          batch_normalization/beta: expected (3,), received (2,)
          batch_normalization/moving_mean: expected (3,), received (2,)
          batch_normalization/moving_variance: expected (3,), received (2,)
          missing head/kernel (3, 3)
          missing head/bias (3,)
          unused dense/bias float32 (3,)
          unused dense/kernel float32 (2, 3)\
        """
            .indent(0)
            .stripTrailing(),
        "convert",
        folder.resolve("tiny.safetensors"),
        folder.resolve("a.h5"),
        "--model",
        folder.resolve("other.keras"));
  }

  private static Weights weights(Model model) {
    try (Trainer trainer =
        Trainer.of(model, Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError()))) {
      return trainer.weights();
    }
  }
}
