package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.ServingOptions;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Where a network is written, and as what. */
record Target(Path path, FileFormat format) {
  /**
   * What only some formats have a place for.
   *
   * @param serving of a SavedModel
   * @param shardBytes of weights in shards; Keras's 5 GiB if it is empty
   */
  record Options(ServingOptions serving, OptionalLong shardBytes) {}

  /**
   * The target of a command.
   *
   * @param to the option {@code --to}; without it the name says what is written
   * @throws CommandException if nothing says it, the name is not one of such files, or nothing can
   *     be written there
   */
  static Target of(Path path, Optional<String> to) {
    FileFormat format =
        to.map(called -> FileFormat.called("--to", called))
            .or(() -> FileFormat.named(path))
            .orElseThrow(() -> nameless(path));
    boolean prefix = format == FileFormat.CHECKPOINT && !format.isNamed(path);
    Path place = prefix ? path.resolveSibling(path.getFileName() + ".index") : path;
    if (format == FileFormat.SAVED_MODEL) {
      checkFolder(place);
    } else {
      checkFile(place, format);
    }
    return new Target(place, format);
  }

  private static CommandException nameless(Path path) {
    return new CommandException(
        "OUT: expected a name that says what to write, or --to with one of "
            + FileFormat.all()
            + ", received '"
            + path
            + "'");
  }

  /** Whoever reads such a file later knows it by its name. */
  private static void checkFile(Path file, FileFormat format) {
    if (!FileFormat.named(file).equals(Optional.of(format))) {
      throw new CommandException(
          "OUT: expected a name that ends with %s for --to %s, received '%s'"
              .formatted(format.endings().get(0), format, file));
    }
    new OutputFile("OUT", file).checkPlace();
  }

  /** A version is added to other versions, and not to files of somebody else. */
  private static void checkFolder(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> names = entries.map(entry -> String.valueOf(entry.getFileName())).toList();
      if (!names.isEmpty() && names.stream().noneMatch(name -> name.matches("\\d+"))) {
        throw new CommandException(
            "OUT: expected a folder that is new, empty or has numbered versions, received '"
                + folder
                + "'");
      }
    } catch (IOException e) {
      throw new CommandException("OUT: expected a folder, received '" + folder + "'", e);
    }
  }

  /**
   * Sees that what is read is not written over.
   *
   * @param what how errors call it, {@code IN}
   * @throws CommandException if {@code source} is this place, this is a part of it that is there,
   *     or a file of it is called as one that is written beside this
   */
  void checkIsNot(String what, Path source) throws IOException {
    OutputFile own = new OutputFile("OUT", path);
    if (own.isIn(source) && !isNewVersion(source)) {
      throw own.replacing(what);
    }
    if (format == FileFormat.SAVED_MODEL) {
      return;
    }
    for (Path file : files(source)) {
      own.checkIsNot(what, file);
      if (WeightFiles.replaces(path, file)) {
        throw new CommandException(
            "OUT: expected a place beside which no file of %s is replaced, received '%s', which may replace '%s'"
                .formatted(what, path, file));
      }
    }
  }

  /** All that the weights at a place are in, where that is more than one file. */
  private static List<Path> files(Path source) {
    if (Architectures.isJson(source.toString())) {
      return List.of(source);
    }
    FileKind kind = FileKind.of(source);
    return kind == FileKind.KERAS_SHARDS || kind == FileKind.CHECKPOINT
        ? FileContents.of(source).files()
        : List.of(source);
  }

  private boolean isNewVersion(Path read) throws IOException {
    return format == FileFormat.SAVED_MODEL && !Files.isSameFile(path, read);
  }

  /**
   * Writes a network, in the place of the file that is there; of a SavedModel the next version.
   *
   * @return what was written, with the version folder of a SavedModel
   */
  Path write(DescribedModel network, Options options) {
    switch (format) {
      case KERAS -> writeWhole(network);
      case SAVED_MODEL -> {
        return SavedModels.write(path, network.model(), network.weights(), options.serving());
      }
      case KERAS_SHARDS -> {
        if (options.shardBytes().isPresent()) {
          long most = options.shardBytes().getAsLong();
          WeightFiles.writeShards(path, network.model(), network.weights(), most);
        } else {
          WeightFiles.write(path, network.model(), network.weights());
        }
      }
      default -> WeightFiles.write(path, network.model(), network.weights());
    }
    return path;
  }

  private void writeWhole(DescribedModel network) {
    if (network.whole().isPresent()) {
      KerasModels.save(path, network.whole().get());
    } else {
      KerasModels.save(path, network.model(), network.weights());
    }
  }

  /** What a whole file says that there is no place for, in words; empty if there is for all. */
  String lost(DescribedModel network) {
    if (network.whole().isEmpty() || format == FileFormat.KERAS) {
      return "";
    }
    boolean trained = network.whole().get().compile().isPresent();
    if (format == FileFormat.SAVED_MODEL) {
      return trained ? "its training" : "";
    }
    return trained ? "its layers and its training" : "its layers";
  }
}
