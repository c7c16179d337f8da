package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Java side of the conformance of SavedModels. A case is a folder with {@code model/1}, {@code
 * inputs/NAME.npy} and {@code outputs/NAME.npy}: {@code write FOLDER} makes cases for Python to
 * check, {@code read FOLDER} checks those that Python has made.
 */
public final class ConformanceModels {
  private static final double TOLERANCE = 1e-5;
  private static final int SAMPLES = 32;

  private ConformanceModels() {}

  /** Writes or reads, and prints a line for each case. */
  public static void main(String... args) throws IOException {
    Path folder = Path.of(args[1]);
    if (args[0].equals("write")) {
      write(folder);
    } else {
      read(folder);
    }
  }

  private static void write(Path folder) throws IOException {
    writeTrained(folder.resolve("trained_resnet"));
    for (Specimen specimen : Specimen.all()) {
      ImmutableMap.Builder<String, HostTensor> outputs = ImmutableMap.builder();
      List<HostTensor> values =
          Reference.outputs(specimen.model(), specimen.weights(), specimen.batch());
      List<String> names = OutputNames.of(specimen.model());
      for (int i = 0; i < values.size(); i++) {
        outputs.put(names.get(i), values.get(i));
      }
      Path target = folder.resolve(specimen.name());
      write(target, specimen, specimen.weights(), outputs.buildOrThrow());
    }
    writeServing(folder.resolve("serving"), ConformanceSignatures.OPTIONS);
    writeServing(folder.resolve("folded"), ConformanceSignatures.OPTIONS.folded());
  }

  /** With every signature there is. */
  private static void writeServing(Path target, ServingOptions options) throws IOException {
    Specimen specimen = Specimen.named("resnet");
    HostTensor output =
        Reference.outputs(specimen.model(), specimen.weights(), specimen.batch()).get(0);
    ImmutableMap<String, HostTensor> outputs = ImmutableMap.of("predictions", output);
    write(target, specimen, specimen.weights(), outputs, options);
    ConformanceSignatures.write(target, specimen.batch());
  }

  /** A few steps, so that weights and moving averages are no longer the first ones. */
  private static void writeTrained(Path target) throws IOException {
    Specimen specimen = Specimen.named("resnet");
    float[] images = new float[SAMPLES * 8 * 8 * 3];
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) Math.sin(i * 0.7);
      labels[i % SAMPLES] = i % 3;
    }
    Dataset data = Dataset.of(Samples.of(images, 8, 8, 3), Samples.labels(labels));
    Compile compile =
        Compile.of(Optimizer.adam(0.01), Loss.sparseCategoricalCrossentropy()).seed(5);
    try (Trainer trainer = Trainer.of(specimen.model(), compile)) {
      trainer.fit(data, FitOptions.epochs(3).batchSize(8).verbose(0));
      Dataset unlabelled = Dataset.of(Samples.of(specimenImages(specimen), 8, 8, 3));
      HostTensor output = trainer.predict(unlabelled);
      write(target, specimen, trainer.weights(), ImmutableMap.of("predictions", output));
    }
  }

  private static float[] specimenImages(Specimen specimen) {
    return specimen.batch().values().asList().get(0).values();
  }

  private static void write(
      Path target, Specimen specimen, Weights weights, Map<String, HostTensor> outputs)
      throws IOException {
    write(target, specimen, weights, outputs, ServingOptions.defaults());
  }

  private static void write(
      Path target,
      Specimen specimen,
      Weights weights,
      Map<String, HostTensor> outputs,
      ServingOptions options)
      throws IOException {
    SavedModels.write(target.resolve("model"), specimen.model(), weights, options);
    write(Files.createDirectory(target.resolve("inputs")), specimen.batch());
    write(Files.createDirectory(target.resolve("outputs")), outputs);
    List<Weight> all = options.isFolded() ? List.of() : specimen.model().weights();
    Files.writeString(
        target.resolve("variables.json"),
        "{\"variables\": "
            + names(all.stream())
            + ", \"trainable_variables\": "
            + names(all.stream().filter(Weight::trainable))
            + "}\n");
    System.out.println("wrote " + target.getFileName());
  }

  private static void write(Path folder, Map<String, HostTensor> tensors) throws IOException {
    for (Map.Entry<String, HostTensor> tensor : tensors.entrySet()) {
      Npy.write(folder.resolve(tensor.getKey() + ".npy"), tensor.getValue());
    }
  }

  /** As ops are called: no name may start with Init. */
  private static String names(Stream<Weight> weights) {
    return weights
        .map(weight -> "\"" + weight.path().replaceFirst("^Init", "layers/Init") + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static void read(Path folder) throws IOException {
    List<Path> cases = entries(folder);
    if (cases.isEmpty()) {
      throw new IOException(folder + ": expected cases, found none");
    }
    for (Path each : cases) {
      try (LoadedModel model = SavedModels.load(each.resolve("model"))) {
        Map<String, HostTensor> actual = model.predict(tensors(each.resolve("inputs")));
        check(each, tensors(each.resolve("outputs")), actual);
      }
      System.out.println("read " + each.getFileName());
    }
  }

  private static Map<String, HostTensor> tensors(Path folder) throws IOException {
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Path file : entries(folder)) {
      tensors.put(folder.relativize(file).toString().replaceAll("\\.npy$", ""), Npy.read(file));
    }
    return tensors.buildOrThrow();
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static void check(
      Path each, Map<String, HostTensor> expected, Map<String, HostTensor> actual)
      throws IOException {
    if (expected.isEmpty() || !expected.keySet().equals(actual.keySet())) {
      throw new IOException(
          each + ": expected outputs " + expected.keySet() + ", received " + actual.keySet());
    }
    for (Map.Entry<String, HostTensor> output : expected.entrySet()) {
      HostTensor other = actual.get(output.getKey());
      if (other == null || !isNear(output.getValue(), other)) {
        throw new IOException(each + ": output '" + output.getKey() + "' differs");
      }
    }
  }

  private static boolean isNear(HostTensor expected, HostTensor actual) {
    boolean near = expected.shape().equals(actual.shape()) && expected.values().length > 0;
    for (int i = 0; near && i < expected.values().length; i++) {
      near = Math.abs(expected.values()[i] - actual.values()[i]) <= TOLERANCE;
    }
    return near;
  }
}
