package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command takes for a model. */
final class ModelFolder {
  static final String DESCRIPTION =
      "A folder that 'train' wrote, or a SavedModel: its folder, or one with numbered versions.";

  private ModelFolder() {}

  /** Loads the model of a run, a base or a version folder; the caller closes it. */
  static LoadedModel load(Path folder) {
    Path ofRun = folder.resolve(Results.MODEL);
    boolean run = Files.exists(folder.resolve(Results.SETTINGS)) && Files.isDirectory(ofRun);
    return SavedModels.load(run ? ofRun : folder);
  }
}
