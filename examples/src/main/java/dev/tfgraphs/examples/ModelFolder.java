package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a command takes for a model. */
final class ModelFolder {
  static final String DESCRIPTION =
      "A folder that 'train' wrote, or a SavedModel: its folder, or one with numbered versions.";

  private ModelFolder() {}

  /**
   * Loads the model of a run, a base or a version folder; the caller closes it.
   *
   * @throws CommandException if {@code folder} holds runs
   */
  static LoadedModel load(Path folder) {
    return SavedModels.load(place(folder));
  }

  /**
   * Where the SavedModel is of the run that {@code folder} is; any other path as it is.
   *
   * @throws CommandException if {@code folder} holds runs
   */
  static Path place(Path folder) {
    return within(folder, RunFiles.MODEL);
  }

  /**
   * Where the network is that can be trained on, of the run that {@code folder} is; any other path
   * as it is.
   *
   * @throws CommandException if {@code folder} holds runs
   */
  static Path network(Path folder) {
    Path network = within(folder, RunFiles.NETWORK);
    return network.equals(folder) ? place(folder) : network;
  }

  private static Path within(Path folder, String name) {
    Optional<Path> run = RunFolder.lastRun(folder);
    if (run.isPresent() && !run.get().equals(folder)) {
      throw new CommandException(
          "model: expected one run, received "
              + folder
              + ", a folder of runs; the last is "
              + run.get());
    }
    Path ofRun = folder.resolve(name);
    return Files.exists(ofRun) ? ofRun : folder;
  }
}
