package dev.tfgraphs.examples.benchmark;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.MultiplyAdds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.TensorFlow;

/** This project's side of {@code benchmarks/run}; benchmarks/README.md describes the protocol. */
final class Benchmark {
  private Benchmark() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      contender().serve();
      return;
    }
    String about = arguments[1];
    switch (arguments[0]) {
      case "first-step" -> contender().firstStep(Workload.of(about));
      case "write-weights" -> Loading.write(Path.of(about));
      case "load" -> System.out.println(Loading.measure(Path.of(about)));
      case "features" -> System.out.println(HeadTraining.measure(about.equals("first")));
      case "multiply-adds" -> System.out.println(multiplyAdds(arguments));
      case "draw" -> Growth.read(System.in).picture().write(Path.of(about), arguments[2]);
      default ->
          throw new IllegalArgumentException(
              "benchmark: expected first-step, write-weights, load, features, multiply-adds or"
                  + " draw, received "
                  + arguments[0]);
    }
  }

  /** Of one image, for each of the workloads behind the command. */
  private static List<Long> multiplyAdds(String... arguments) {
    return Arrays.stream(arguments)
        .skip(1)
        .map(text -> MultiplyAdds.of(Workload.of(text).model()))
        .toList();
  }

  private static Contender contender() {
    return new Contender(
        ImmutableMap.of(
            "contender", "tf-graphs",
            "TensorFlow", TensorFlow.version(),
            "Java", String.valueOf(Runtime.version().feature())),
        Steps::of);
  }
}
