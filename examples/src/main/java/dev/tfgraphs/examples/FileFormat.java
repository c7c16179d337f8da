package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.savedmodel.FileKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the command line calls the kinds of files. */
enum FileFormat {
  KERAS("keras", ".keras"),
  KERAS_WEIGHTS("weights.h5", ".weights.h5"),
  KERAS_SHARDS("weights.json", ".weights.json"),
  LEGACY("h5", ".h5", ".hdf5"),
  SAFETENSORS("safetensors", ".safetensors"),
  CHECKPOINT("checkpoint", ".index"),
  /** A folder of any name. */
  SAVED_MODEL("saved-model");

  private final String called;
  private final ImmutableList<String> endings;

  FileFormat(String called, String... endings) {
    this.called = called;
    this.endings = ImmutableList.copyOf(endings);
  }

  /** All of them, for messages and helps. */
  static String all() {
    return Arrays.stream(values()).map(FileFormat::toString).collect(Collectors.joining(", "));
  }

  /** The format of what was found in a file. */
  static FileFormat of(FileKind kind) {
    return switch (kind) {
      case KERAS_MODEL -> KERAS;
      case KERAS_WEIGHTS -> KERAS_WEIGHTS;
      case KERAS_SHARDS -> KERAS_SHARDS;
      case LEGACY_MODEL, LEGACY_WEIGHTS -> LEGACY;
      case SAFETENSORS -> SAFETENSORS;
      case CHECKPOINT -> CHECKPOINT;
      case SAVED_MODEL -> SAVED_MODEL;
    };
  }

  /**
   * The format that is called {@code called}.
   *
   * @throws CommandException if there is none
   */
  static FileFormat called(String option, String called) {
    return Arrays.stream(values())
        .filter(format -> format.called.equals(called))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    option + ": expected one of " + all() + ", received '" + called + "'"));
  }

  /** The format that a file of this name is of; of several endings the longest counts. */
  static Optional<FileFormat> named(Path file) {
    return Arrays.stream(values()).filter(format -> format.isNamed(file)).findFirst();
  }

  /** Whether a file of this format may have the name. */
  boolean isNamed(Path file) {
    return endings.stream().anyMatch(String.valueOf(file.getFileName())::endsWith);
  }

  /** How names end; none for folders of any name. */
  ImmutableList<String> endings() {
    return endings;
  }

  @Override
  public String toString() {
    return called;
  }
}
