package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole model in HDF5, which Keras 2 and 3 write at {@code model.save("net.h5")}: texts at the
 * root say what the model is and how it is trained, its weights are at {@code model_weights}, the
 * optimizer's variables at {@code optimizer_weights}. Keras's source:
 * legacy/saving/legacy_h5_format.py.
 */
final class LegacyModel {
  static final String CONFIG = "model_config";
  static final String TRAINING = "training_config";
  private static final String OPTIMIZER = "optimizer_weights";

  private final Path path;
  private final Hdf5File hdf5;

  private LegacyModel(Path path, Hdf5File hdf5) {
    this.path = path;
    this.hdf5 = hdf5;
  }

  /** Whether there is a file of HDF5, of whatever. */
  static boolean isAt(Path path) throws IOException {
    return Hdf5File.begins(WeightFiles.head(path));
  }

  /** The model in a file, without weights. */
  static Model read(Path path) throws IOException {
    try (Hdf5File hdf5 = KerasHdf5.open(path)) {
      LegacyModel stored = new LegacyModel(path, hdf5);
      return KerasModels.model(stored.where(CONFIG), stored.config());
    }
  }

  /** The whole model in a file. */
  static KerasModel load(Path path) throws IOException {
    try (Hdf5File hdf5 = KerasHdf5.open(path)) {
      LegacyModel stored = new LegacyModel(path, hdf5);
      Map<String, @Nullable Object> config = stored.config();
      Model model = KerasModels.model(stored.where(CONFIG), config);
      Precision precision = DtypePolicies.read(stored.where(CONFIG), config, model);
      Weights weights = KerasHdf5.read(path, hdf5, model, ReadOptions.defaults());
      return new KerasModel(
          model, weights, precision, stored.compile(model, precision), stored.variables());
    }
  }

  private Map<String, @Nullable Object> config() {
    String text =
        hdf5.root()
            .text(CONFIG)
            .orElseThrow(
                () ->
                    new ModelFileException(
                        KerasModels.called(path)
                            + "expected a whole model with its "
                            + CONFIG
                            + ", received HDF5 without; WeightFiles.read takes weights alone"));
    return Json.object(where(CONFIG), text);
  }

  private Optional<Compile> compile(Model model, Precision precision) {
    return hdf5.root()
        .text(TRAINING)
        .map(text -> Json.object(where(TRAINING), text))
        .map(settings -> KerasModels.compile(where(TRAINING), settings, model, precision));
  }

  private Optional<OptimizerVariables> variables() throws IOException {
    Optional<Hdf5Group> group = hdf5.root().group(OPTIMIZER);
    ImmutableList<StoredTensor> tensors =
        group.isPresent() ? LegacyWeights.tensors(group.get()) : ImmutableList.of();
    return tensors.isEmpty()
        ? Optional.empty()
        : Optional.of(OptimizerVariables.named(where(OPTIMIZER), tensors));
  }

  private String where(String part) {
    return KerasModels.called(path) + part;
  }
}
