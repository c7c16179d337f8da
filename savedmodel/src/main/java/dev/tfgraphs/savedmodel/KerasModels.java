package dev.tfgraphs.savedmodel;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Config;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Keras writes of a network: the layers, their settings and what they are called on; whole
 * models with their weights and how they are trained. No code in a file is ever run.
 */
public final class KerasModels {
  private KerasModels() {}

  /**
   * {@return the model that Keras's {@code model.to_json()} describes, by Keras 3 or 2; so does the
   * {@code model_config} of a whole model in HDF5}
   *
   * @throws ModelFileException if the text is no JSON, or describes what this library has not
   */
  public static Model fromJson(String json) {
    return model("Keras model", Json.object("Keras model", json));
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
   * {@return the model in a {@code .keras} file, in a folder with the same files, or in HDF5,
   * {@code model.save("net.h5")} of Keras 3 or 2} What is in a file and not its name says which it
   * is.
   *
   * @throws ModelFileException if there is no such file, if it is none of Keras's, or if it holds
   *     what this library has not
   */
  public static Model read(Path path) {
    try {
      if (LegacyModel.isAt(path)) {
        return LegacyModel.read(path);
      }
      try (KerasArchive archive = KerasArchive.open(path)) {
        return archive.model();
      }
    } catch (IOException e) {
      throw failed(path, "cannot be read", e);
    }
  }

  /**
   * {@return the whole model in a file as {@link #read} takes it: its weights and, where it was
   * compiled, how it is trained and how far that has come}
   *
   * <p>Keras 3 does not give an optimizer of a file in HDF5 what it has kept: it cannot train on
   * what {@code load_model} makes of that. Here training goes on where it was when the file was
   * written.
   *
   * @throws ModelFileException as {@link #read}, or if there are no weights, or other ones, or if
   *     it is trained with what this library has not; {@link #read} and {@link WeightFiles} leave
   *     that out
   */
  public static KerasModel load(Path path) {
    try {
      return LegacyModel.isAt(path) ? LegacyModel.load(path) : KerasFile.read(path);
    } catch (IOException e) {
      throw failed(path, "cannot be read", e);
    }
  }

  /**
   * Writes a {@code .keras} file, in the place of one that is there, which Keras loads and goes on
   * to train from there. It appears as a whole or not at all.
   *
   * @param trainer whose model, weights, settings and optimizer are written
   * @throws ModelFileException if it cannot be written; then an old one stays as it was; or if its
   *     name is one of HDF5, as which no whole model is written
   * @throws ModelException if Keras has no class of a layer or of a part of the settings
   */
  public static void save(Path path, Trainer trainer) {
    Compile compile = trainer.compile();
    write(
        path,
        new KerasModel(
            trainer.model(),
            trainer.weights(),
            compile.precision(),
            Optional.of(compile),
            Optional.of(OptimizerVariables.of(trainer.optimizerWeights()))));
  }

  /**
   * Writes a {@code .keras} file of all that another file has, how it is trained and how far that
   * has come included. What Keras 3 wrote needs no trainer for that, and goes along where this
   * library cannot train it; the optimizers of Keras 2 keep theirs in another order.
   *
   * @throws ModelFileException as {@link #save(Path, Trainer)}, or as {@link KerasModel#trainer} of
   *     what Keras 2 wrote
   * @throws ModelException if Keras has no class of a layer or of a part of the settings
   */
  public static void save(Path path, KerasModel whole) {
    if (!whole.needsTrainer()) {
      write(path, whole);
      return;
    }
    try (Trainer trainer = whole.trainer()) {
      save(path, trainer);
    }
  }

  /**
   * Writes a {@code .keras} file of a model that is not compiled.
   *
   * @param weights exactly those of the model
   * @throws ModelFileException if it cannot be written; then an old one stays as it was; or if its
   *     name is one of HDF5, as which no whole model is written
   * @throws ModelException if Keras has no class of a layer
   * @throws dev.tfgraphs.graphs.GraphException if the weights are not those of the model
   */
  public static void save(Path path, Model model, Weights weights) {
    write(
        path,
        new KerasModel(model, weights, Precision.FLOAT32, Optional.empty(), Optional.empty()));
  }

  private static void write(Path path, KerasModel whole) {
    if (KerasHdf5.isNamed(path)) {
      throw new ModelFileException(
          called(path)
              + "expected a name that does not end as that of HDF5, since whole models are written"
              + " as .keras; WeightFiles.write has .h5 for weights");
    }
    try {
      KerasFile.write(path, whole);
    } catch (IOException e) {
      throw failed(path, "cannot be written", e);
    }
  }

  private static ModelFileException failed(Path path, String problem, IOException cause) {
    return new ModelFileException(
        called(path) + ModelFileException.because(path, problem, cause), cause);
  }

  /** How errors begin. */
  static String called(Path path) {
    return "Keras model " + path + ": ";
  }

  /** The model of an object that errors call {@code where}. */
  static Model model(String where, Map<String, @Nullable Object> object) {
    try {
      return Model.fromConfig(Config.ofObject("model", object));
    } catch (ModelException e) {
      throw new ModelFileException(
          where + ": " + ModelFileException.shown(String.valueOf(e.getMessage())), e);
    }
  }

  /** How {@code model} was compiled, of settings that errors call {@code where}. */
  static Compile compile(
      String where, Map<String, @Nullable Object> settings, Model model, Precision precision) {
    try {
      Compile compile = Compile.fromConfig(Config.of("compile_config", settings), model);
      if (compile.precision() != Precision.FLOAT32 && compile.precision() != precision) {
        throw new ModelException(
            "optimizer: expected a LossScaleOptimizer with layers of %s only, received it with %s"
                .formatted(compile.precision().policy(), precision.policy()));
      }
      return compile.precision(precision);
    } catch (ModelException e) {
      throw new ModelFileException(
          "%s: %s; KerasModels.read and WeightFiles.read leave out how it was trained"
              .formatted(where, ModelFileException.shown(String.valueOf(e.getMessage()))),
          e);
    }
  }
}
