package dev.tfgraphs.graphs;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a fit goes on from: the trainer, the place in the data, the logs, all callbacks' memories.
 */
final class Backup {
  /** What helps where a backup is not the one that is wanted. */
  static final String ANEW = "delete it, or name another folder, to train from the start";

  private static final String FILE = "fit.properties";
  private static final String CALLBACK = "callback-";
  private static final String HISTORY = "history/";

  private interface Reading<T> {
    T read() throws IOException;
  }

  private record Remembering(Callback callback, Path folder) {}

  private Backup() {}

  static void write(Fit fit, Fit.Progress progress, Path folder) throws IOException {
    fit.trainer().saveInto(folder);
    Memory memory =
        Memory.empty()
            .put("epoch", progress.epoch())
            .put("step", progress.step())
            .put("pass", progress.place().pass())
            .put("taken", progress.place().taken())
            .put("stopping", progress.stopping())
            .put("data", fit.reading());
    putHistory(memory, progress.history());
    int index = 0;
    for (Callback callback : fit.callbacks()) {
      String name = CALLBACK + index++;
      memory.put(name, kind(callback));
      callback.save(Files.createDirectory(folder.resolve(name)));
    }
    memory.write(folder.resolve(FILE));
  }

  /**
   * Has {@code fit} go on from what {@link #write} has written.
   *
   * @throws GraphException if that is of another model, optimizer, data or callbacks, or damaged
   */
  static Fit.Progress restore(Fit fit, Path folder) throws IOException {
    Memory memory = Memory.read(folder.resolve(FILE));
    String data = readable(folder, () -> memory.text("data"));
    List<Remembering> remembering = checked(fit, data, memory, folder);
    Fit.Progress progress =
        readable(
            folder,
            () -> {
              Fit.Progress read = progress(memory);
              fit.trainer().restore(folder);
              return read;
            });
    fit.resume(progress);
    for (Remembering each : remembering) {
      each.callback.restore(each.folder);
    }
    return progress;
  }

  /** What {@code reading} reads, unless that is damaged. */
  private static <T> T readable(Path folder, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (GraphException failure) {
      throw new GraphException(
          "backup: expected one that can be read in %s, received one that cannot; %s: %s"
              .formatted(folder, ANEW, failure.getMessage()),
          failure);
    }
  }

  private static List<Remembering> checked(Fit fit, String data, Memory memory, Path folder)
      throws IOException {
    try {
      checkData(data, fit.reading());
      fit.trainer().checkState(folder);
      return remembering(memory, fit.callbacks(), folder);
    } catch (GraphException failure) {
      throw new GraphException(
          "backup: expected that of this fit in %s, received that of another; %s: %s"
              .formatted(folder, ANEW, failure.getMessage()),
          failure);
    }
  }

  /** A place in other data, or in other steps, is none in these. */
  private static void checkData(String backedUp, String given) {
    if (!backedUp.equals(given)) {
      throw new GraphException("expected data of %s, received %s".formatted(backedUp, given));
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
            memory.put(HISTORY + epoch + "/" + place++ + "/" + score.getKey(), score.getValue());
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
          columns.values().forEach(key -> scores.put(key.split("/", 4)[3], memory.decimal(key)));
          history.put(epoch, new Scores(scores.buildOrThrow()));
        });
    return history.buildOrThrow();
  }

  /**
   * Which callback gets which memory: the first of its class the first, and so on. Callbacks that
   * remember nothing come and go.
   */
  private static List<Remembering> remembering(Memory memory, List<Callback> callbacks, Path folder)
      throws IOException {
    ListMultimap<String, Path> saved = ArrayListMultimap.create();
    for (int i = 0; memory.has(CALLBACK + i); i++) {
      saved.put(memory.text(CALLBACK + i), folder.resolve(CALLBACK + i));
    }
    ListMultimap<String, Callback> given = Multimaps.index(callbacks, Backup::kind);
    List<Remembering> remembering = new ArrayList<>();
    for (String kind : saved.keySet()) {
      List<Path> folders = saved.get(kind);
      if (folders.size() == given.get(kind).size()) {
        Streams.forEachPair(
            given.get(kind).stream(),
            folders.stream(),
            (callback, its) -> remembering.add(new Remembering(callback, its)));
      } else if (remembers(folders)) {
        throw new GraphException(
            "expected the callbacks whose memories are in there, received %d and not %d of %s"
                .formatted(given.get(kind).size(), folders.size(), kind));
      }
    }
    return remembering;
  }

  private static boolean remembers(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      try (Stream<Path> files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  private static String kind(Callback callback) {
    return callback.getClass().getName();
  }
}
