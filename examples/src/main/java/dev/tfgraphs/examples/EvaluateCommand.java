package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Cifar10;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.KerasModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs evaluate}. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = {
      "Measures a trained network: loss and metrics as model.evaluate(x, y) of Keras gives them,"
          + " where its file was compiled and DATA are arrays; else accuracy and loss."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " evaluate runs/2025-01-31_12-00-00",
      "  " + Shell.LAUNCHED + " evaluate flowers --data other-photos",
      "  " + Shell.LAUNCHED + " evaluate model.keras data.npz"
    })
final class EvaluateCommand implements Callable<Integer> {
  /** Keras keeps probabilities away from 0 and 1 by as much (keras/src/backend/config.py). */
  private static final double EPSILON = 1e-7;

  /** What is measured, batch by batch. */
  private static final class Measure {
    private long samples;
    private long right;
    private double loss;

    private boolean ofProbabilities = true;

    void addAll(HostTensor rows, int[] labels) {
      for (int i = 0; i < labels.length; i++) {
        add(rows.row(i), labels[i]);
      }
    }

    private void add(HostTensor row, int label) {
      samples++;
      right += row.argMax() == label ? 1 : 0;
      ofProbabilities &= Tensors.areProbabilities(row.values());
      double sum = 0;
      for (float value : row.values()) {
        sum += value;
      }
      double given = row.values()[label] / sum;
      loss -= Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, given)));
    }

    @Override
    public String toString() {
      String measured =
          ofProbabilities
              ? String.format(Locale.ROOT, "%.4f", loss / samples)
              : "unknown, as the outputs are no probabilities";
      return String.format(
          Locale.ROOT,
          "Accuracy: %.2f %%%nLoss: %s%nSamples: %,d",
          100.0 * right / samples,
          measured,
          samples);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFile.DESCRIPTION)
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DATA",
      description =
          ArrayData.DESCRIPTION + " Of a model that was not compiled, y are class numbers.")
  private Optional<Path> arrays = Optional.empty();

  @Mixin private NetworkOption network = new NetworkOption();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "Samples of DATA at once. Default: ${DEFAULT-VALUE}.")
  private int batchSize;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "'digits' or a CIFAR-10 folder, of which the test images count, or a folder of class"
              + " folders, of which all images count. Default: what the run was tested on, or, of"
              + " other SavedModels, the digits.")
  private Optional<String> data = Optional.empty();

  @Override
  public Integer call() {
    Arguments.atLeastOne("--batch-size", batchSize);
    if (arrays.isPresent() && data.isPresent()) {
      throw new CommandException("--data: expected DATA or --data, received both");
    }
    try (ModelFile file = ModelFile.open(model, network.named())) {
      file.note().ifPresent(this::sayAside);
      Optional<KerasModel> compiled = compiled(file);
      if (arrays.isPresent() && compiled.isPresent()) {
        ofCompiled(compiled.get(), arrays.get());
        return 0;
      }
      if (arrays.isPresent()) {
        ofArrays(file, arrays.get());
      } else {
        ofImages(file);
      }
    }
    return 0;
  }

  private static Optional<KerasModel> compiled(ModelFile file) {
    return file instanceof DescribedModel described
        ? described.whole().filter(whole -> whole.compile().isPresent())
        : Optional.empty();
  }

  /** Loss and metrics, each with all digits that float32 has. */
  private void ofCompiled(KerasModel whole, Path file) {
    Dataset samples =
        ArrayData.read(file, whole.model(), whole.compile().orElseThrow().targets(whole.model()));
    try (Trainer trainer = whole.trainer()) {
      trainer
          .evaluate(samples.batch(batchSize))
          .asMap()
          .forEach((name, value) -> say(name + ": " + value.floatValue()));
    }
  }

  private void ofArrays(ModelFile opened, Path file) {
    int classes =
        opened
            .classes()
            .orElseThrow(
                () ->
                    new CommandException(
                        "model: expected one output (None, classes), or one that was compiled,"
                            + " received "
                            + ModelFile.shapes(opened.outputs())));
    int[] labels = ArrayData.labels(file, opened.inputs(), classes);
    HostTensor predicted =
        opened.predict(ArrayData.inputs(file, opened.inputs()), batchSize).get(0);
    if (Tensors.count(predicted) != labels.length) {
      throw new CommandException(
          "arrays %s: expected as many labels as samples, received %d and %d"
              .formatted(file, labels.length, Tensors.count(predicted)));
    }
    Measure measure = new Measure();
    measure.addAll(predicted, labels);
    say(measure.toString());
  }

  private void ofImages(ModelFile opened) {
    if (opened instanceof DescribedModel && data.isEmpty()) {
      throw new CommandException("DATA: expected arrays, or images by --data, received nothing");
    }
    ModelInput input = ModelInput.of(opened);
    Optional<HeldOut> heldOut =
        data.isEmpty() && RunFolder.isRun(model)
            ? Optional.of(HeldOut.of(model))
            : Optional.empty();
    try {
      say(measured(opened, input, heldOut).toString());
    } catch (GraphException e) {
      if (Inputs.isOfImage(e)) {
        String folder = heldOut.map(HeldOut::location).or(() -> data).orElseThrow();
        Inputs.check(Path.of(folder), this::sayAside); // there may be more of them
      }
      throw e;
    }
    heldOut.ifPresent(
        part -> say("Data: " + part.location() + ", the samples that the run was tested on"));
  }

  private Measure measured(ModelFile opened, ModelInput input, Optional<HeldOut> heldOut) {
    Dataset samples =
        heldOut.isPresent()
            ? samples(heldOut.get().source(input.image().size(0)), opened)
            : samples(data.orElse("digits"), input, opened);
    checkImages(samples, input);
    Measure measure = new Measure();
    Reading.batches(
        samples,
        (images, labels) ->
            measure.addAll(opened.predict(List.of(images), Tensors.count(images)).get(0), labels));
    return measure;
  }

  private void say(String what) {
    spec.commandLine().getOut().println(what);
  }

  private void sayAside(String what) {
    spec.commandLine().getErr().println("tfgraphs evaluate: " + what);
  }

  private static Dataset samples(DataSource source, ModelFile opened) {
    checkClasses(source.classNames(), opened);
    return source.test();
  }

  private static Dataset samples(String data, ModelInput input, ModelFile opened) {
    return switch (DataSource.kindOf(data)) {
      case DIGITS -> samples(DataSource.digits(), opened);
      case CIFAR_10 -> {
        checkClasses(Cifar10.classNames(), opened);
        yield Cifar10.test(Path.of(data));
      }
      case FOLDER -> {
        Images images =
            DataSource.images(Path.of(data), input.image().size(0), input.image().size(1));
        checkClasses(images.classNames(), opened);
        yield input.coloured(images);
      }
    };
  }

  private static void checkClasses(ImmutableList<String> classes, ModelFile opened) {
    ImmutableList<String> known = opened.classNames();
    int count = opened.classes().orElseThrow();
    if (known.isEmpty() ? classes.size() != count : !classes.equals(known)) {
      throw new CommandException(
          "--data: expected the model's "
              + (known.isEmpty() ? count + " classes" : "classes " + known)
              + ", received "
              + classes);
    }
  }

  private static void checkImages(Dataset samples, ModelInput input) {
    Shape image = samples.inputs().get(0).shape();
    if (!image.equals(input.image())) {
      throw new CommandException(
          "--data: expected images "
              + input.image()
              + " as the model takes them, received "
              + image);
    }
  }
}
