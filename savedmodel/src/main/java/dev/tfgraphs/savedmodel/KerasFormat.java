package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;

/** Keras's weights in one HDF5 file. What is in it, and not its name, says how it is read. */
enum KerasFormat implements WeightFormat {
  /** Keras 3's. */
  CURRENT(".weights.h5") {
    @Override
    Hdf5Writer.Group written(Model model, Weights weights) {
      return KerasWeights.written(model, weights, ImmutableList.of());
    }
  },
  /** The older ones, which Keras 3 reads too. */
  LEGACY(".h5", ".hdf5") {
    @Override
    Hdf5Writer.Group written(Model model, Weights weights) {
      return LegacyWeights.written(model, weights);
    }
  };

  /** What errors call such files. */
  static final String KIND = "Keras HDF5";

  private final ImmutableList<String> endings;

  KerasFormat(String... endings) {
    this.endings = ImmutableList.copyOf(endings);
  }

  abstract Hdf5Writer.Group written(Model model, Weights weights);

  @Override
  public ImmutableList<String> endings() {
    return endings;
  }

  @Override
  public boolean isIn(Path file, byte[] head) {
    return Hdf5File.begins(head);
  }

  @Override
  public Weights read(Path file, Model model, ReadOptions options) throws IOException {
    WeightPlan plan = new WeightPlan(file, KIND, model);
    try (Hdf5File hdf5 = Hdf5File.open(file, KIND)) {
      Hdf5Group root = hdf5.root();
      if (LegacyWeights.isIn(root)) {
        LegacyWeights.plan(root, plan, model, options.match());
      } else {
        KerasWeights.plan(MergedGroup.of(ImmutableList.of(root)), plan, model, options.match());
      }
      return plan.read(options);
    }
  }

  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    return ImmutableList.of(
        new NewFile(
            target.getFileName().toString(),
            fresh -> Hdf5Writer.write(fresh, written(model, weights))));
  }
}
