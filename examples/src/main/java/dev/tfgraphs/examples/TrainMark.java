package dev.tfgraphs.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The mark of a SavedModel that 'train' or 'transfer' wrote, whose input says by its name what
 * pixels it takes. It lies where TensorFlow has a place for what it does not read
 * (tensorflow/python/saved_model/constants.py, EXTRA_ASSETS_DIRECTORY).
 */
final class TrainMark {
  private static final String FILE = "assets.extra/tfgraphs_train.txt";

  private TrainMark() {}

  static void write(Path version) throws IOException {
    Path file = version.resolve(FILE);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "Written by 'tfgraphs train' or 'tfgraphs transfer'.\n");
  }

  /**
   * Whether one of them wrote the version folder; of a run without marks its other files say so.
   */
  static boolean isIn(Path version) {
    Path model = version.toAbsolutePath().normalize().getParent();
    Path run = model == null ? null : model.getParent();
    return Files.exists(version.resolve(FILE))
        || (model != null && run != null && model.endsWith(RunFiles.MODEL) && RunFolder.isRun(run));
  }
}
