package dev.tfgraphs.benchmarks.djl;

import ai.djl.engine.Engine;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.examples.benchmark.Contender;
import java.io.IOException;

/** The side of {@code benchmarks/run} that is the Deep Java Library on PyTorch. */
final class DjlContender {
  private DjlContender() {}

  public static void main(String[] arguments) throws IOException {
    Engine engine = Engine.getInstance();
    ImmutableMap<String, String> versions =
        ImmutableMap.of(
            "contender",
            "djl",
            "DJL",
            Engine.getDjlVersion(),
            engine.getEngineName(),
            engine.getVersion(),
            "Java",
            String.valueOf(Runtime.version().feature()));
    new Contender(versions, DjlSteps::new).serve();
  }
}
