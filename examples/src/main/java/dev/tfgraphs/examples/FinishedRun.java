package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonParseException;
import dev.tfgraphs.graphs.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A folder that {@code train} or {@code transfer} wrote, as its {@value RunFiles#SETTINGS} and
 * {@value RunFiles#HISTORY} tell of it.
 *
 * @param facts what came of it: texts, numbers and truth values by their names
 * @param options of the command line, by their names
 * @param data what it learned from
 * @param result what was measured in the end
 * @param versions of what it was made with
 */
record FinishedRun(
    Path folder,
    ImmutableMap<String, String> facts,
    ImmutableMap<String, String> options,
    ImmutableMap<String, String> data,
    ImmutableMap<String, String> result,
    ImmutableMap<String, String> versions) {

  /**
   * Reads the settings of a run.
   *
   * @throws CommandException if it is none
   */
  static FinishedRun of(Path folder) {
    Path file = folder.resolve(RunFiles.SETTINGS);
    if (!Files.isRegularFile(file)) {
      String last = RunFolder.lastRun(folder).map(run -> "; the last in it is " + run).orElse("");
      throw new CommandException(
          "RUN: expected a folder that 'train' or 'transfer' wrote, received '"
              + folder
              + "', which has no "
              + RunFiles.SETTINGS
              + last);
    }
    try {
      String text = Files.readString(file);
      return new FinishedRun(
          folder,
          Json.entries(text),
          Json.entries(text, "options"),
          Json.entries(text, "data"),
          Json.entries(text, "result"),
          Json.entries(text, "versions"));
    } catch (IOException e) {
      throw new CommandException(file + ": expected to be read, received " + e.getMessage(), e);
    } catch (JsonParseException e) {
      throw new CommandException(file + ": expected JSON, received other text", e);
    }
  }

  /** The folder's own name. */
  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  /** What was trained on what. */
  String title() {
    String model = options.getOrDefault("model", "");
    String data = options.getOrDefault("data", "");
    return model.isEmpty() || data.isEmpty() ? name() : model + " on " + data;
  }

  /** Whether it was neither interrupted nor diverged. */
  boolean isWhole() {
    return !Boolean.parseBoolean(facts.get("interrupted"))
        && !Boolean.parseBoolean(facts.get("diverged"));
  }

  /** All options but the seed and what is only recorded. */
  ImmutableMap<String, String> settings() {
    return options.entrySet().stream()
        .filter(option -> !option.getKey().equals("seed") && !option.getKey().equals("gradients"))
        .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The command that does it again. */
  String command() {
    return facts.getOrDefault("command", "");
  }

  /** A file of the run, if it is there. */
  Optional<Path> file(String file) {
    return Optional.of(folder.resolve(file)).filter(Files::isRegularFile);
  }

  /**
   * What every epoch measured; empty if no epoch finished.
   *
   * @throws CommandException if the file is not what {@link HistoryFile} writes
   */
  Optional<History> history() {
    return file(RunFiles.HISTORY).map(HistoryFile::read);
  }
}
