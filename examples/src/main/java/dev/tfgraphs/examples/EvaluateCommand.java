package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Cifar10;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.LoadedModel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs evaluate}. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = "Measures accuracy and loss of a trained network.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " evaluate runs/2025-01-31_12-00-00",
      "  " + Shell.LAUNCHED + " evaluate flowers --data other-photos"
    })
final class EvaluateCommand implements Callable<Integer> {
  /** Keras keeps probabilities away from 0 and 1 by as much (keras/src/backend/config.py). */
  private static final double EPSILON = 1e-7;

  /** What is measured, batch by batch. */
  private static final class Measure {
    private long samples;
    private long right;
    private double loss;

    void add(HostTensor probabilities, int label) {
      samples++;
      right += probabilities.argMax() == label ? 1 : 0;
      double sum = 0;
      for (float value : probabilities.values()) {
        sum += value;
      }
      double given = probabilities.values()[label] / sum;
      loss -= Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, given)));
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFolder.DESCRIPTION)
  private Path model = Path.of("");

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
    try (LoadedModel loaded = ModelFolder.load(model)) {
      ModelInput input = ModelInput.of(loaded);
      Optional<HeldOut> heldOut =
          data.isEmpty() && RunFolder.isRun(model)
              ? Optional.of(HeldOut.of(model))
              : Optional.empty();
      Dataset samples =
          heldOut.isPresent()
              ? samples(heldOut.get().source(input.image().size(0)), loaded)
              : samples(data.orElse("digits"), input, loaded);
      checkImages(samples, input);
      Measure measure = new Measure();
      Reading.batches(
          samples,
          (images, labels) -> {
            HostTensor predicted = loaded.predict(images);
            for (int i = 0; i < labels.length; i++) {
              measure.add(predicted.row(i), labels[i]);
            }
          });
      spec.commandLine()
          .getOut()
          .println(
              String.format(
                  Locale.ROOT,
                  "Accuracy: %.2f %%%nLoss: %.4f%nSamples: %,d",
                  100.0 * measure.right / measure.samples,
                  measure.loss / measure.samples,
                  measure.samples));
      heldOut.ifPresent(
          part ->
              spec.commandLine()
                  .getOut()
                  .println(
                      "Data: " + part.location() + ", the samples that the run was tested on"));
    }
    return 0;
  }

  private static Dataset samples(DataSource source, LoadedModel loaded) {
    checkClasses(source.classNames(), loaded);
    return source.test();
  }

  private static Dataset samples(String data, ModelInput input, LoadedModel loaded) {
    return switch (DataSource.kindOf(data)) {
      case DIGITS -> samples(DataSource.digits(), loaded);
      case CIFAR_10 -> {
        checkClasses(Cifar10.classNames(), loaded);
        yield Cifar10.test(Path.of(data));
      }
      case FOLDER -> {
        Images images = Images.folder(Path.of(data), input.image().size(0), input.image().size(1));
        checkClasses(images.classNames(), loaded);
        yield input.coloured(images);
      }
    };
  }

  private static void checkClasses(ImmutableList<String> classes, LoadedModel loaded) {
    ImmutableList<String> known = loaded.classNames();
    int count = loaded.outputs().get(0).shape().orElseThrow().size(1);
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
