package dev.tfgraphs.examples;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.savedmodel.KerasModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The mark of a SavedModel that 'train' or 'transfer' wrote, whose input says by its name what
 * pixels it takes. It lies where TensorFlow has a place for what it does not read
 * (tensorflow/python/saved_model/constants.py, EXTRA_ASSETS_DIRECTORY).
 */
final class TrainMark {
  private static final String FILE = "assets.extra/tfgraphs_train.txt";
  private static final String DESCRIPTION = "assets.extra/tfgraphs_model.json";

  private TrainMark() {}

  static void write(Path version) throws IOException {
    Path file = version.resolve(FILE);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "Written by 'tfgraphs train' or 'tfgraphs transfer'.\n");
  }

  /**
   * Writes beside the graph what the network is, in Keras's JSON, so that its layers can be looked
   * at; of a network that Keras has not there is none.
   */
  static void describe(Path version, Model model) throws IOException {
    String json;
    try {
      json = KerasModels.toJson(model);
    } catch (ModelException e) {
      return;
    }
    Files.writeString(version.resolve(DESCRIPTION), json);
  }

  /** What {@link #describe} wrote, if it did. */
  static Optional<Model> description(Path version) {
    Path file = version.resolve(DESCRIPTION);
    try {
      return Files.exists(file)
          ? Optional.of(KerasModels.fromJson(Files.readString(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new CommandException("model: expected text, received '" + file + "'", e);
    }
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
