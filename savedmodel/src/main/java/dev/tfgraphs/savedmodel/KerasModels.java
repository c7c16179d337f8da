package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import java.nio.file.Path;

/**
 * What Keras writes of a network without its weights: the layers, their settings and what they are
 * called on. No code in a file is ever run.
 */
public final class KerasModels {
  private KerasModels() {}

  /**
   * {@return the model that Keras's {@code model.to_json()} describes, by Keras 3 or 2; so does the
   * {@code model_config} of a whole model in HDF5}
   *
   * @throws SavedModelException if the text is no JSON, or describes what this library has not
   */
  public static Model fromJson(String json) {
    return model("Keras model", json);
  }

  /**
   * {@return the text of which Keras 3 makes the same model: {@code keras.models.model_from_json}}
   *
   * @throws ModelException if Keras has not one of the layers
   */
  public static String toJson(Model model) {
    return Json.text(model.toObject());
  }

  /**
   * {@return the model in a {@code .keras} file, or in a folder with the same files}
   *
   * @throws SavedModelException if there is no such file, if it is none of Keras's, or if it holds
   *     what this library has not
   */
  public static Model read(Path path) {
    try (KerasArchive archive = KerasArchive.open(path)) {
      return archive.model();
    }
  }

  /** The model of a text that errors call {@code where}. */
  static Model model(String where, String json) {
    try {
      return Model.fromConfig(Config.ofObject("model", Json.object(where, json)));
    } catch (ModelException e) {
      throw new SavedModelException(where + ": " + e.getMessage(), e);
    }
  }
}
