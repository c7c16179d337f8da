package dev.tfgraphs.examples.benchmark;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A side of {@code benchmarks/run} in Java: what it hears and says, of which benchmarks/README.md
 * tells.
 */
public final class Contender {
  private static final Gson GSON = new Gson();

  private final ImmutableMap<String, String> versions;
  private final Function<Workload, Steps> maker;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  /**
   * A side.
   *
   * @param versions of what it is made of, by name
   * @param maker builds what makes the steps of a workload
   */
  public Contender(ImmutableMap<String, String> versions, Function<Workload, Steps> maker) {
    this.versions = versions;
    this.maker = maker;
  }

  /** Answers each line of the standard input until it ends. */
  public void serve() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Map<String, Steps> running = new HashMap<>();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = Splitter.on(' ').splitToList(line);
      if (words.get(0).equals("versions")) {
        say(versions);
      } else {
        Workload workload = Workload.of(words.get(1));
        Steps steps = running.computeIfAbsent(words.get(1), name -> maker.apply(workload));
        say(round(workload, steps, Integer.parseInt(words.get(2))));
      }
    }
    running.values().forEach(Steps::close);
  }

  /** Says when the first step of a workload has ended. */
  void firstStep(Workload workload) {
    try (Steps steps = maker.apply(workload)) {
      steps.ready(1).run();
      double end = System.currentTimeMillis() / 1e3;
      say(Map.of("end", end, "peak_rss_mb", Memory.peakMegabytes()));
    }
  }

  private static ImmutableMap<String, Object> round(Workload workload, Steps steps, int count) {
    Runnable run = steps.ready(count);
    long start = System.nanoTime();
    run.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    return ImmutableMap.of(
        "steps",
        count,
        "seconds",
        seconds,
        "images_per_second",
        count * workload.batch() / seconds,
        "peak_rss_mb",
        Memory.peakMegabytes());
  }

  private void say(Map<String, ?> answer) {
    out.println(GSON.toJson(answer));
  }
}
