package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.savedmodel.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs predict}. */
@Command(
    name = "predict",
    sortOptions = false,
    description = {
      "Says what a trained network takes images for: the three likeliest classes of each.",
      "Images are resized to what the model takes. An array holds raw pixels, (count, height,"
          + " width, channels) or a single image: 0 to 255 for models that 'train' wrote, 0 (paper)"
          + " to 16 (ink) for the one of the digits.",
      "Standard output takes a line for each sample, standard error one for each input that cannot"
          + " be read; the others are predicted for, and the exit code is then 2."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " predict runs/2025-01-31_12-00-00 cat.jpg dog.png photos",
      "  "
          + Shell.LAUNCHED
          + " predict runs/2025-01-31_12-00-00/model/1 images.npy --output probabilities.npy"
    })
final class PredictCommand implements Callable<Integer> {
  private static final int SHOWN = 3;
  private static final int BATCH = 32;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFolder.DESCRIPTION)
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description =
          "Images (BMP, GIF, JPEG, PNG), arrays (.npy) and folders, in any order. Of a folder the"
              + " images count, in it and in all folders below.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write all probabilities as a .npy file, float32 (count, classes).")
  private Optional<Path> output = Optional.empty();

  @Override
  public Integer call() {
    Optional<OutputFile> written =
        output.map(file -> new OutputFile("--output", file).check(".npy"));
    try (LoadedModel loaded = ModelFolder.load(model)) {
      ModelInput input = ModelInput.of(loaded);
      if (inputs.stream().anyMatch(path -> !Inputs.isArray(path)) && !input.remark().isEmpty()) {
        say("Note: " + input.remark() + ".");
      }
      List<HostTensor> probabilities = new ArrayList<>();
      Inputs samples =
          new Inputs(input, part -> probabilities.add(predicted(loaded, part)), this::say);
      samples.read(inputs);
      if (!probabilities.isEmpty()) {
        written.ifPresent(
            file -> file.write(fresh -> Npy.write(fresh, Tensors.joined(probabilities))));
      }
      return samples.problems() == 0 ? 0 : leftOut(samples.problems(), probabilities);
    }
  }

  private void say(String what) {
    spec.commandLine().getErr().println("tfgraphs predict: " + what);
  }

  private int leftOut(int problems, List<HostTensor> probabilities) {
    int count = probabilities.stream().mapToInt(Tensors::count).sum();
    if (count > 0) {
      say(
          problems
              + (problems == 1 ? " input" : " inputs")
              + " left out"
              + output.map(file -> "; " + file + " has the printed " + count).orElse(""));
    }
    return Main.REFUSED;
  }

  private HostTensor predicted(LoadedModel loaded, Inputs.Part part) {
    HostTensor probabilities = probabilities(loaded, part.images());
    int width = part.names().stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < part.names().size(); i++) {
      String name = String.format(Locale.ROOT, "%-" + width + "s", part.names().get(i));
      String line = name + "  " + likeliest(probabilities.row(i), loaded.classNames());
      spec.commandLine().getOut().println(line);
    }
    return probabilities;
  }

  private static HostTensor probabilities(LoadedModel loaded, HostTensor images) {
    List<HostTensor> parts = new ArrayList<>();
    int count = Tensors.count(images);
    for (int from = 0; from < count; from += BATCH) {
      parts.add(loaded.predict(Tensors.slice(images, from, Math.min(from + BATCH, count))));
    }
    return Tensors.joined(parts);
  }

  private static String likeliest(HostTensor probabilities, ImmutableList<String> classNames) {
    float[] values = probabilities.values();
    return Tensors.largest(values, SHOWN).stream()
        .map(
            i ->
                String.format(
                    Locale.ROOT,
                    "%s %5.1f %%",
                    classNames.isEmpty() ? "class " + i : classNames.get(i),
                    100 * values[i]))
        .collect(Collectors.joining("   "));
  }
}
