package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.savedmodel.LoadedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
          + " to 16 (ink) for the one of the digits."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tfgraphs predict runs/2025-01-31_12-00-00 cat.jpg dog.png",
      "  ./tfgraphs predict runs/2025-01-31_12-00-00/model/1 images.npy --output probabilities.npy"
    })
final class PredictCommand implements Callable<Integer> {
  private static final int SHOWN = 3;
  private static final int BATCH = 32;

  /** Samples and what to call each. */
  private record Samples(List<String> names, HostTensor images) {}

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFolder.DESCRIPTION)
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Images (BMP, GIF, JPEG, PNG) and arrays (.npy), in any order.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write all probabilities as a .npy file, float32 (count, classes).")
  private Optional<Path> output = Optional.empty();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    output.ifPresent(PredictCommand::checkOutput);
    try (LoadedModel loaded = ModelFolder.load(model)) {
      ModelInput input = ModelInput.of(loaded);
      List<Samples> samples = samples(input);
      if (inputs.stream().anyMatch(file -> !isArray(file)) && !input.remark().isEmpty()) {
        out.println("Note: " + input.remark() + ".");
      }
      List<HostTensor> probabilities = new ArrayList<>();
      int width =
          samples.stream().flatMap(s -> s.names.stream()).mapToInt(String::length).max().orElse(0);
      for (Samples some : samples) {
        HostTensor predicted = predicted(loaded, some.images);
        probabilities.add(predicted);
        for (int i = 0; i < some.names.size(); i++) {
          String name = String.format(Locale.ROOT, "%-" + width + "s", some.names.get(i));
          out.println(name + "  " + likeliest(predicted.row(i), loaded.classNames()));
        }
      }
      output.ifPresent(file -> write(file, Tensors.joined(probabilities)));
    }
    return 0;
  }

  private static void checkOutput(Path file) {
    if (!isArray(file)) {
      throw new CommandException(
          "--output: expected a file that ends in .npy, received '" + file + "'");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new CommandException(
          "--output: expected a file in a folder that is there, received '" + file + "'");
    }
  }

  private static boolean isArray(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
  }

  /** In the order in which they were given; images that follow one another are read together. */
  private List<Samples> samples(ModelInput input) {
    List<Samples> all = new ArrayList<>();
    List<Path> images = new ArrayList<>();
    for (Path file : inputs) {
      if (isArray(file)) {
        addImages(all, images, input);
        HostTensor array = input.batch(file, Npy.read(file));
        all.add(
            new Samples(
                IntStream.range(0, Tensors.count(array))
                    .mapToObj(i -> file + "[" + i + "]")
                    .toList(),
                array));
      } else {
        images.add(file);
      }
    }
    addImages(all, images, input);
    return all;
  }

  private static void addImages(List<Samples> all, List<Path> images, ModelInput input) {
    for (int from = 0; from < images.size(); from += BATCH) {
      List<Path> some = images.subList(from, Math.min(from + BATCH, images.size()));
      all.add(new Samples(some.stream().map(Path::toString).toList(), input.read(some)));
    }
    images.clear();
  }

  private static HostTensor predicted(LoadedModel model, HostTensor images) {
    List<HostTensor> parts = new ArrayList<>();
    int count = Tensors.count(images);
    for (int from = 0; from < count; from += BATCH) {
      parts.add(model.predict(Tensors.slice(images, from, Math.min(from + BATCH, count))));
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

  private static void write(Path file, HostTensor probabilities) {
    try {
      Npy.write(file, probabilities);
    } catch (IOException e) {
      throw new CommandException(
          "--output: expected a file that can be written, received '" + file + "'", e);
    }
  }
}
