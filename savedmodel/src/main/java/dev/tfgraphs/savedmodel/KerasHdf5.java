package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keras's weights in one HDF5 file. What is in it says how it is read, and its name how it is
 * written: as Keras 3's {@code .weights.h5}, or as the older files that Keras 3 reads too.
 */
final class KerasHdf5 implements WeightFormat {
  /** What errors call such files. */
  private static final String KIND = "Keras HDF5";

  private static final String CURRENT = ".weights.h5";
  private static final ImmutableList<String> ENDINGS = ImmutableList.of(CURRENT, ".h5", ".hdf5");

  /** Opens a file, which the caller closes. */
  static Hdf5File open(Path file) throws IOException {
    return open(file, file);
  }

  /** Opens a file that errors call otherwise, which the caller closes. */
  static Hdf5File open(Path file, Path called) throws IOException {
    return Hdf5File.open(file, called, KIND);
  }

  /** Whether a file is called as such files are. */
  static boolean isNamed(Path file) {
    return ENDINGS.stream().anyMatch(file.toString()::endsWith);
  }

  /** The weights of a model in an open file. */
  static Weights read(Path file, Hdf5File hdf5, Model model, ReadOptions options)
      throws IOException {
    WeightPlan plan = new WeightPlan(file, KIND, model, options);
    Hdf5Group root = hdf5.root();
    if (LegacyWeights.isIn(root)) {
      LegacyWeights.plan(root, plan, model, options);
    } else {
      KerasWeights.plan(MergedGroup.of(ImmutableList.of(root)), plan, model, options);
    }
    return plan.read();
  }

  @Override
  public ImmutableList<String> endings() {
    return ENDINGS;
  }

  @Override
  public boolean isIn(Path file, byte[] head) {
    return Hdf5File.begins(head);
  }

  @Override
  public FileKind kind(Path file) throws IOException {
    try (Hdf5File hdf5 = open(file)) {
      Hdf5Group root = hdf5.root();
      if (!LegacyWeights.isIn(root)) {
        return FileKind.KERAS_WEIGHTS;
      }
      return root.has(LegacyModel.CONFIG) ? FileKind.LEGACY_MODEL : FileKind.LEGACY_WEIGHTS;
    }
  }

  @Override
  public Weights read(Path file, Model model, ReadOptions options) throws IOException {
    try (Hdf5File hdf5 = open(file)) {
      return read(file, hdf5, model, options);
    }
  }

  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    String name = target.getFileName().toString();
    Hdf5Writer.Group root =
        name.endsWith(CURRENT)
            ? KerasWeights.written(model, weights, Optional.empty())
            : LegacyWeights.written(model, weights);
    return ImmutableList.of(new NewFile(name, fresh -> Hdf5Writer.write(fresh, root)));
  }
}
