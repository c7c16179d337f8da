package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a fit goes on from: the trainer, the place in the data, the logs, all callbacks' memories. */
final class Backup {
  private static final String FILE = "fit.properties";
  private static final String HISTORY = "history/";

  private Backup() {}

  static void write(Fit fit, Fit.Progress progress, Path folder) throws IOException {
    fit.trainer().saveInto(folder);
    Memory memory =
        Memory.empty()
            .put("epoch", progress.epoch())
            .put("step", progress.step())
            .put("pass", progress.place().pass())
            .put("taken", progress.place().taken())
            .put("stopping", progress.stopping());
    putHistory(memory, progress.history());
    memory.write(folder.resolve(FILE));
    int index = 0;
    for (Callback callback : fit.callbacks()) {
      callback.save(Files.createDirectory(folder.resolve("callback-" + index++)));
    }
  }

  static void restore(Fit fit, Path folder) throws IOException {
    Memory memory = Memory.read(folder.resolve(FILE));
    Fit.Progress progress = progress(memory);
    fit.trainer().restore(folder);
    fit.resume(progress);
    int index = 0;
    for (Callback callback : fit.callbacks()) {
      callback.restore(folder.resolve("callback-" + index++));
    }
  }

  private static Fit.Progress progress(Memory memory) {
    return new Fit.Progress(
        memory.integer("epoch"),
        memory.integer("step"),
        new Feed.Place(memory.integer("pass"), memory.integer("taken")),
        memory.flag("stopping"),
        history(memory));
  }

  /** Logs have an order, which properties have not: each is {@code history/epoch/place/name}. */
  private static void putHistory(Memory memory, Map<Integer, Scores> history) {
    history.forEach(
        (epoch, scores) -> {
          int place = 0;
          for (Map.Entry<String, Double> score : scores.asMap().entrySet()) {
            memory.put(
                HISTORY + epoch + "/" + place++ + "/" + score.getKey(), score.getValue());
          }
        });
  }

  private static ImmutableMap<Integer, Scores> history(Memory memory) {
    SortedMap<Integer, SortedMap<Integer, String>> keys = new TreeMap<>();
    for (String key : memory.names()) {
      if (key.startsWith(HISTORY)) {
        String[] parts = key.split("/", 4);
        keys.computeIfAbsent(Integer.valueOf(parts[1]), epoch -> new TreeMap<>())
            .put(Integer.valueOf(parts[2]), key);
      }
    }
    ImmutableMap.Builder<Integer, Scores> history = ImmutableMap.builder();
    keys.forEach(
        (epoch, columns) -> {
          ImmutableMap.Builder<String, Double> scores = ImmutableMap.builder();
          columns
              .values()
              .forEach(key -> scores.put(key.split("/", 4)[3], memory.decimal(key)));
          history.put(epoch, new Scores(scores.buildOrThrow()));
        });
    return history.buildOrThrow();
  }
}
