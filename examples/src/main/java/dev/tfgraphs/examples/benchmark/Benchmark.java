package dev.tfgraphs.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.TensorFlow;

/** This project's side of {@code benchmarks/run}; benchmarks/README.md describes the protocol. */
final class Benchmark {
  private static final int WARM_UP_STEPS = 3;

  private Benchmark() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (arguments.length == 2 && arguments[0].equals("first-step")) {
      firstStep(Workload.of(arguments[1]), out);
      return;
    }
    if (arguments.length == 2 && arguments[0].equals("write-weights")) {
      Loading.write(Path.of(arguments[1]));
      return;
    }
    if (arguments.length == 2 && arguments[0].equals("load")) {
      out.println(Loading.measure(Path.of(arguments[1])));
      return;
    }
    if (arguments.length == 2 && arguments[0].equals("features")) {
      out.println(HeadTraining.measure(arguments[1].equals("first")));
      return;
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    serve(in, out);
  }

  private static void firstStep(Workload workload, PrintStream out) {
    try (Steps steps = Steps.of(workload)) {
      steps.ready(1).run();
      double end = System.currentTimeMillis() / 1e3;
      out.printf(
          Locale.ROOT, "{\"end\": %.3f, \"peak_rss_mb\": %.1f}%n", end, Memory.peakMegabytes());
    }
  }

  private static void serve(BufferedReader in, PrintStream out) throws IOException {
    Map<String, Steps> running = new HashMap<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("versions")) {
        out.printf(
            "{\"contender\": \"tf-graphs\", \"TensorFlow\": \"%s\", \"Java\": \"%s\"}%n",
            TensorFlow.version(), Runtime.version().feature());
      } else {
        Steps steps = running.computeIfAbsent(words[1], name -> warm(Workload.of(name)));
        out.println(round(words[1], steps, Integer.parseInt(words[2])));
      }
    }
    running.values().forEach(Steps::close);
  }

  private static Steps warm(Workload workload) {
    Steps steps = Steps.of(workload);
    steps.ready(WARM_UP_STEPS).run();
    return steps;
  }

  private static String round(String name, Steps steps, int count) {
    Runnable run = steps.ready(count);
    long start = System.nanoTime();
    run.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return String.format(
        Locale.ROOT,
        "{\"workload\": \"%s\", \"steps\": %d, \"seconds\": %.6f, \"images_per_second\": %.3f,"
            + " \"peak_rss_mb\": %.1f}",
        name,
        count,
        seconds,
        count * Workload.of(name).batch() / seconds,
        Memory.peakMegabytes());
  }
}
