package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Weights in TensorFlow checkpoints: {@code ckpt-1.index} beside its data, or what a SavedModel has
 * under {@code variables}.
 */
final class Checkpoints implements WeightFormat {
  private static final String KIND = "TensorFlow checkpoint";
  private static final String INDEX = ".index";
  private static final String DATA = ".data-00000-of-00001";

  /** Where a SavedModel has its weights. */
  private static final String VARIABLES = "variables/variables";

  /** What the names of a checkpoint's files begin with. */
  static String prefix(Path path) {
    if (Files.isDirectory(path)) {
      return VersionFolders.of(path).latest().resolve(VARIABLES).toString();
    }
    String name = path.toString();
    return name.endsWith(INDEX) ? withoutEnding(name) : name;
  }

  private static String withoutEnding(String index) {
    return index.substring(0, index.length() - INDEX.length());
  }

  @Override
  public ImmutableList<String> endings() {
    return ImmutableList.of(INDEX);
  }

  /** The folder of a SavedModel, an index, or what the names of one and its data begin with. */
  @Override
  public boolean isIn(Path path, byte[] head) {
    return Files.isDirectory(path)
        || path.toString().endsWith(INDEX)
        || Files.isRegularFile(Path.of(path + INDEX));
  }

  @Override
  public FileKind kind(Path file) {
    return FileKind.CHECKPOINT;
  }

  @Override
  public Weights read(Path path, Model model, ReadOptions options) {
    try (CheckpointFiles files = CheckpointFiles.open(prefix(path))) {
      WeightPlan plan = new WeightPlan(path, KIND, model, options);
      new CheckpointMatching(files, WeightNames.of(model, plan::renamed), plan).match();
      return plan.read();
    } catch (IOException e) {
      throw ModelFileException.ofWeights(path, KIND, ModelFileException.reason(e), e);
    }
  }

  /**
   * Two files, which are written together. It is a checkpoint of names: {@code tf.train.Checkpoint}
   * restores models of Keras 2 from it, and none of Keras 3, whose variables it does not know by
   * name.
   */
  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    if (model.weights().isEmpty()) {
      throw new ModelFileException(
          "weights " + target + " (" + KIND + "): expected a model with weights, received none");
    }
    String prefix = withoutEnding(target.getFileName().toString());
    return ImmutableList.of(
        new NewFile(prefix + DATA, data -> write(data.resolveSibling(prefix), model, weights)),
        new NewFile(prefix + INDEX, written -> {}));
  }

  @Override
  public boolean isPart(String target, String other) {
    return other.equals(withoutEnding(target) + DATA);
  }

  @Override
  public ImmutableSet<String> parts(Path target) {
    String prefix = withoutEnding(target.getFileName().toString());
    try (CheckpointFiles old = CheckpointFiles.open(target.resolveSibling(prefix).toString())) {
      return old.dataFiles().stream()
          .map(file -> file.getFileName().toString())
          .collect(ImmutableSet.toImmutableSet());
    } catch (IOException e) {
      return ImmutableSet.of();
    }
  }

  private static void write(Path prefix, Model model, Weights weights) throws IOException {
    try (InferenceGraph graph = InferenceGraph.of(model)) {
      graph.writeWeights(prefix, weights);
    }
  }
}
