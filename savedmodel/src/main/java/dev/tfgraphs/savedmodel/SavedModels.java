package dev.tfgraphs.savedmodel;

import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;

/**
 * SavedModels: models that TensorFlow Serving, Python and Java run without the program that made
 * them. They live in numbered version folders, {@code base/1}, {@code base/2}, of which the highest
 * counts.
 */
public final class SavedModels {
  private SavedModels() {}

  /**
   * Writes a model for inference into the next version folder of {@code base}.
   *
   * <p>Its signature {@code serving_default} calls inputs and outputs as the model calls the layers
   * that make them; a second output of one layer is {@code name_1}. All are float32 and take any
   * batch size. Nothing appears under the number before all is written, and each of several writers
   * at once gets a number of its own.
   *
   * @param base a folder, made if it does not exist
   * @param weights exactly those of the model
   * @return the version folder, {@code base/1} if it is the first
   * @throws ModelFileException if a file cannot be written; then the folder is as it was
   * @throws dev.tfgraphs.graphs.GraphException if the weights are not those of the model
   */
  public static Path write(Path base, Model model, Weights weights) {
    return write(base, model, weights, ServingOptions.defaults());
  }

  /**
   * Writes a model for inference as {@link #write(Path, Model, Weights)} does, with more signatures
   * or for speed.
   *
   * @throws ModelFileException if there are more or fewer names than the model has classes, it
   *     takes no images where they are to be decoded, folded weights are larger than 2 GiB, or a
   *     file cannot be written; then the folder is as it was
   * @throws dev.tfgraphs.graphs.GraphException if the weights are not those of the model, or
   *     features are asked of a layer that there is not
   */
  public static Path write(Path base, Model model, Weights weights, ServingOptions options) {
    ClassNames.check(options.classNames(), model);
    weights.checkFit(model);
    try (InferenceGraph graph = InferenceGraph.of(model, options)) {
      return VersionFolders.of(base)
          .add(
              folder -> {
                graph.write(folder, weights);
                ClassNames.write(folder, options.classNames());
              });
    } catch (IOException e) {
      throw ModelFileException.at(base, "cannot be written", e);
    }
  }

  /**
   * Loads a SavedModel, written here or by Python, to the first GPU if there is one; the caller
   * closes it.
   *
   * @param folder a version folder, or a base folder, of which the highest version is loaded
   * @throws ModelFileException if there is no SavedModel, it has no signature for the tag {@code
   *     serve}, or TensorFlow cannot read it
   */
  public static LoadedModel load(Path folder) {
    return LoadedModel.load(VersionFolders.of(folder).latest());
  }
}
