package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.KerasModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs fit}. */
@Command(
    name = "fit",
    sortOptions = false,
    description = {
      "Trains a model of Keras as model.fit(x, y) does: with the loss, the optimizer and the"
          + " metrics that its file was compiled with, going on where its optimizer has stopped."
          + " Keras loads what is written and can go on from there.",
      "Ctrl-C ends the training after its current step and writes what is done; a second one ends"
          + " at once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  numpy.savez('data.npz', x=x, y=y)                            (in Python)",
      "  "
          + Shell.LAUNCHED
          + " fit model.keras data.npz --epochs 5 --output trained.keras --history history.json"
    })
final class FitCommand implements Callable<Integer> {
  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A .keras file, or a whole .h5, of a model that was compiled.")
  private Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "DATA", description = ArrayData.DESCRIPTION)
  private Path data = Path.of("");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Passes over the data. Default: ${DEFAULT-VALUE}.")
  private int epochs;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Samples a step. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--no-shuffle",
      description = "Take the samples in their order in every epoch. Default: another in each.")
  private boolean inOrder;

  @Option(
      names = "--validation-split",
      paramLabel = "PART",
      defaultValue = "0",
      description =
          "Judge every epoch by so much of the data, of their end, and do not train on it: 0 or"
              + " more, less than 1. Default: ${DEFAULT-VALUE}.")
  private double validationSplit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Decides the order of the samples and what is random in layers. Default: another each"
              + " time.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The .keras file to write. It may be MODEL, in whose place it then comes.")
  private Path output = Path.of("");

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Write what Keras calls history.history as a .json file.")
  private Optional<Path> history = Optional.empty();

  @Option(names = "--quiet", description = "Print no progress.")
  private boolean quiet;

  FitCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() {
    FitOptions options = options();
    new OutputFile("--output", output).check(".keras");
    Optional<OutputFile> report =
        history.map(file -> new OutputFile("--history", file).check(".json"));
    KerasModel file = whole();
    Compile compile = file.compile().orElseThrow(this::notCompiled);
    // what Keras has no words for is found before the training
    var unused = List.of(file.model().config(), compile.config(file.model()));
    Dataset samples = ArrayData.read(data, file.model(), compile.targets(file.model()));
    CommandLine line = spec.commandLine();
    Console console = new Console("fit", line.getOut(), line.getErr(), quiet);
    Interrupt.Listening listening = interrupt.listen(console::stopping, () -> {});
    long chosen = Arguments.seed(seed);
    console.detail("Seed %d%s.", chosen, seed.isEmpty() ? ", chosen at random" : "");
    try (Trainer trainer = Trainer.of(file.model(), compile.seed(chosen))) {
      file.resume(trainer);
      return fit(trainer, samples, options, report, console);
    } finally {
      listening.close();
    }
  }

  private KerasModel whole() {
    FileKind kind = FileKind.of(ModelFolder.network(model));
    if (!kind.hasModel()) {
      throw new CommandException(
          "model %s: expected a .keras file or a whole .h5 that was compiled, received %s, which does not say how it is trained"
              .formatted(model, kind));
    }
    return ModelFile.described(model, Optional.empty()).whole().orElseThrow();
  }

  private int fit(
      Trainer trainer,
      Dataset samples,
      FitOptions options,
      Optional<OutputFile> report,
      Console console) {
    Course course = new Course(trainer, interrupt);
    Ending ending = course.fit(samples, options, console);
    if (ending == Ending.DIVERGED && course.history().epochs().isEmpty()) {
      console.problem(divergence(course) + "; no epoch finished, and nothing is written");
      return Main.FAILED;
    }
    KerasModels.save(output, trainer);
    report.ifPresent(
        json ->
            json.write(
                fresh -> Files.writeString(fresh, HistoryFile.json(course.history())),
                "; the model is written to " + output));
    return told(ending, course, console);
  }

  private FitOptions options() {
    Arguments.atLeastOne("--epochs", epochs);
    Arguments.atLeastOne("--batch-size", batchSize);
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw new CommandException(
          "--validation-split: expected 0 or more and less than 1, received " + validationSplit);
    }
    seed.ifPresent(Arguments::checkSeed);
    return FitOptions.epochs(epochs)
        .batchSize(batchSize)
        .shuffle(!inOrder)
        .validationSplit(validationSplit);
  }

  private CommandException notCompiled() {
    return new CommandException(
        "model "
            + model
            + ": expected one that was compiled, received one that was not; in Python,"
            + " model.compile(...) and model.save(...) say how it is trained");
  }

  private String divergence(Course course) {
    return course.divergence()
        + "; compile the model with a lower learning rate or with clipnorm, and look for wrong"
        + " values in "
        + data;
  }

  /** Says how it ended; the exit code. */
  private int told(Ending ending, Course course, Console console) {
    int finished = course.history().epochs().size();
    if (ending == Ending.DIVERGED) {
      console.problem(divergence(course) + "; the finished epochs are kept in " + output);
      return Main.FAILED;
    }
    if (finished < epochs) {
      console.interrupted(finished, epochs);
    }
    console.detail("Written: %s%s", output, history.map(file -> " and " + file).orElse(""));
    return ending == Ending.INTERRUPTED ? interrupt.exitCode() : 0;
  }
}
