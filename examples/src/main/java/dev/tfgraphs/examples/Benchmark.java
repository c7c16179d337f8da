package dev.tfgraphs.examples;

import static dev.tfgraphs.applications.ResNets.resNet18;
import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.tensorflow.TensorFlow;

/** This project's side of {@code benchmarks/run}; benchmarks/README.md describes the protocol. */
final class Benchmark implements AutoCloseable {
  private static final int WARM_UP_STEPS = 3;

  /** What is measured; the rows are those of benchmarks/protocol.py. */
  private record Workload(boolean training, int size, int batch, int classes) {
    static final ImmutableMap<String, Workload> ALL =
        ImmutableMap.of(
            "train-224", new Workload(true, 224, 16, 1000),
            "train-32", new Workload(true, 32, 64, 10),
            "infer-224", new Workload(false, 224, 16, 1000),
            "infer-32", new Workload(false, 32, 64, 10));

    static Workload of(String name) {
      Workload workload = ALL.get(name);
      if (workload == null) {
        throw new IllegalArgumentException(
            "workload: expected one of " + ALL.keySet() + ", received " + name);
      }
      return workload;
    }
  }

  private final Workload workload;
  private final Trainer trainer;

  private Benchmark(Workload workload) {
    this.workload = workload;
    Node images = input(workload.size(), workload.size(), 3);
    Model model = Model.of(images, resNet18(images, workload.classes()));
    Compile compile = Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy()).seed(1);
    this.trainer = Trainer.of(model, compile);
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (arguments.length == 2 && arguments[0].equals("first-step")) {
      try (Benchmark benchmark = new Benchmark(Workload.of(arguments[1]))) {
        benchmark.run(benchmark.data(1));
        double end = System.currentTimeMillis() / 1e3;
        out.printf(Locale.ROOT, "{\"end\": %.3f, \"peak_rss_mb\": %.1f}%n", end, peakMegabytes());
      }
      return;
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    serve(in, out);
  }

  private static void serve(BufferedReader in, PrintStream out) throws IOException {
    Map<String, Benchmark> benchmarks = new HashMap<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("versions")) {
        out.printf(
            "{\"contender\": \"tf-graphs\", \"TensorFlow\": \"%s\", \"Java\": \"%s\"}%n",
            TensorFlow.version(), Runtime.version().feature());
      } else {
        Benchmark benchmark = benchmarks.computeIfAbsent(words[1], name -> warm(Workload.of(name)));
        out.println(benchmark.round(words[1], Integer.parseInt(words[2])));
      }
    }
    benchmarks.values().forEach(Benchmark::close);
  }

  private static Benchmark warm(Workload workload) {
    Benchmark benchmark = new Benchmark(workload);
    benchmark.run(benchmark.data(WARM_UP_STEPS));
    return benchmark;
  }

  private String round(String name, int steps) {
    Dataset data = data(steps);
    long start = System.nanoTime();
    run(data);
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(
        Locale.ROOT,
        "{\"workload\": \"%s\", \"steps\": %d, \"seconds\": %.6f, \"images_per_second\": %.3f,"
            + " \"peak_rss_mb\": %.1f}",
        name,
        steps,
        seconds,
        steps * workload.batch() / seconds,
        peakMegabytes());
  }

  private void run(Dataset data) {
    if (workload.training()) {
      trainer.fit(data, FitOptions.epochs(1).batchSize(workload.batch()).shuffle(false).verbose(0));
    } else {
      trainer.predict(data.batch(workload.batch()));
    }
  }

  /** So many batches, in memory. */
  private Dataset data(int steps) {
    Random random = new Random(0);
    int count = steps * workload.batch();
    float[] images = new float[count * workload.size() * workload.size() * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    int[] labels = random.ints(count, 0, workload.classes()).toArray();
    return Dataset.of(
        Samples.of(images, workload.size(), workload.size(), 3), Samples.labels(labels));
  }

  /** The most memory that this process has had, in MiB, where the system tells; else 0. */
  private static double peakMegabytes() {
    Path status = Path.of("/proc/self/status");
    try (var lines = Files.lines(status)) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElse(0)
          / 1024;
    } catch (IOException elsewhere) {
      return 0;
    }
  }

  @Override
  public void close() {
    trainer.close();
  }
}
