package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.ServingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs convert}. */
@Command(
    name = "convert",
    sortOptions = false,
    description = {
      "Writes a network, or its weights, as a file of another kind: Keras's .keras, .weights.h5,"
          + " .weights.json (an index of shards) and older .h5, .safetensors, a TensorFlow"
          + " checkpoint (.index), a SavedModel.",
      "What is in IN says of what kind it is, and the name of OUT what is written. All weights are"
          + " float32 and stay what they are to the bit. A file that is there is replaced once the"
          + " new one is whole; of a SavedModel, the next version is added.",
      "From .keras to .keras, or from a whole .h5, the training goes along: how it is compiled, and"
          + " the optimizer's variables. Where something is left out, standard error says what."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " convert net.keras net.safetensors",
      "  " + Shell.LAUNCHED + " convert net.keras models/net --to saved-model --folded",
      "  "
          + Shell.LAUNCHED
          + " convert resnet50_weights_tf_dim_ordering_tf_kernels.h5 resnet50.keras --model"
          + " resnet50",
      "  " + Shell.LAUNCHED + " convert models/net net.weights.h5 --model net.keras"
    })
final class ConvertCommand implements Callable<Integer> {
  /** What Keras's files and checkpoints call an optimizer's variables. */
  private static final Pattern OPTIMIZER = Pattern.compile("(.*/)?_?optimizer(_weights)?/");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "IN", description = ModelFile.DESCRIPTION)
  private Path in = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "A file in a folder that is there, or the folder of a SavedModel's versions.")
  private Path out = Path.of("");

  @Mixin private NetworkOption network = new NetworkOption();

  @Option(
      names = "--from",
      paramLabel = "KIND",
      description = "What IN has to be; refused if it is something else.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "KIND",
      description =
          "What OUT is to be where its name does not say it: keras, weights.h5, weights.json, h5,"
              + " safetensors, checkpoint, saved-model.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--shard-bytes",
      paramLabel = "N",
      description = "How many bytes of numbers a shard has at most. Default: 5 GiB.")
  private Optional<Long> shardBytes = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Give a SavedModel the names of its classes, one a line, and 'classify'.")
  private Optional<Path> labels = Optional.empty();

  @Option(
      names = "--image-bytes",
      description =
          "Give a SavedModel 'serving_bytes', which takes images as files have them; for networks"
              + " that take pixels from 0 to 255.")
  private boolean imageBytes;

  @Option(
      names = "--folded",
      description = "Write a SavedModel with constant weights, for speed; Python cannot train it.")
  private boolean folded;

  @Override
  public Integer call() throws IOException {
    Target target = Target.of(out, to);
    Target.Options options = options(target.format());
    Path source = ModelFolder.network(in);
    checkKind(source);
    target.checkIsNot("IN", source);
    Optional<String> described = network.named().filter(Architectures::isFile);
    if (described.isPresent()) {
      target.checkIsNot("--model", Path.of(described.get()));
    }
    DescribedModel read = ModelFile.described(in, network.named());
    read.note().ifPresent(this::say);
    String lost = read.whole().isPresent() ? target.lost(read) : lost(source);
    Path written = target.write(read, options);
    if (!lost.isEmpty()) {
      say("note: %s has no place for what %s says of %s".formatted(written, in, lost));
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %d weights, %,d numbers%n",
            written,
            read.model().weights().size(),
            read.model().parameters());
    return 0;
  }

  /** What weights alone come with that goes nowhere. */
  private static String lost(Path source) {
    FileContents contents = FileContents.of(source);
    if (contents.kind() == FileKind.SAVED_MODEL) {
      return "its graph and its signatures";
    }
    long variables =
        contents.tensors().stream()
            .filter(tensor -> OPTIMIZER.matcher(tensor.name()).lookingAt())
            .count();
    return variables == 0 ? "" : "its optimizer (" + variables + " tensors)";
  }

  private void say(String what) {
    spec.commandLine().getErr().println("tfgraphs convert: " + what);
  }

  private void checkKind(Path source) {
    if (from.isEmpty()) {
      return;
    }
    FileFormat wanted = FileFormat.called("--from", from.get());
    FileKind found = FileKind.of(source);
    if (FileFormat.of(found) != wanted) {
      throw new CommandException(
          "--from: expected %s, which %s is, received '%s'"
              .formatted(FileFormat.of(found), in, from.get()));
    }
  }

  private Target.Options options(FileFormat format) {
    only(format, FileFormat.SAVED_MODEL, "--labels", labels.isPresent());
    only(format, FileFormat.SAVED_MODEL, "--image-bytes", imageBytes);
    only(format, FileFormat.SAVED_MODEL, "--folded", folded);
    only(format, FileFormat.KERAS_SHARDS, "--shard-bytes", shardBytes.isPresent());
    ServingOptions serving = ServingOptions.defaults();
    serving = labels.isPresent() ? serving.classNames(lines(labels.get())) : serving;
    serving = imageBytes ? serving.imageBytes() : serving;
    serving = folded ? serving.folded() : serving;
    OptionalLong most =
        shardBytes.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Arguments.atLeastOne("--shard-bytes", shardBytes.get()));
    return new Target.Options(serving, most);
  }

  private static void only(FileFormat format, FileFormat wanted, String option, boolean given) {
    if (given && format != wanted) {
      throw new CommandException(
          "%s: expected with --to %s only, received with %s".formatted(option, wanted, format));
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new CommandException(
          "--labels: expected a file of lines in UTF-8, received '" + file + "'", e);
    }
  }
}
