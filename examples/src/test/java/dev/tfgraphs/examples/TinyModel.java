package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.softmax;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A network of a few numbers that has taken a step, and the files that there are of it. */
record TinyModel(Model model, Weights weights) {
  /** What a file can be. */
  enum Kind {
    KERAS("tiny.keras", "a .keras model"),
    KERAS_WEIGHTS("tiny.weights.h5", "weights in Keras's HDF5"),
    SHARDS("tiny.weights.json", "weights in shards of Keras's HDF5"),
    LEGACY("tiny.h5", "weights in Keras's older HDF5"),
    SAFETENSORS("tiny.safetensors", "weights in safetensors"),
    CHECKPOINT("tiny.index", "weights in a TensorFlow checkpoint"),
    SAVED_MODEL("tiny", "a SavedModel");

    private final String file;
    private final String words;

    Kind(String file, String words) {
      this.file = file;
      this.words = words;
    }

    String words() {
      return words;
    }

    Path in(Path folder) {
      return folder.resolve(file);
    }
  }

  /** Trains one step and writes {@code tiny.keras} into a folder. */
  static TinyModel writeTo(Path folder) {
    Node image = input(4, 4, 1);
    Node x = image.to(conv2D(2, 3)).to(batchNormalization()).to(globalAveragePooling2D());
    Model model = Model.of(image, x.to(dense(3)).to(softmax())).name("tiny");
    Compile adam =
        Compile.of(Optimizer.adam(0.5), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, adam)) {
      Samples images =
          Samples.of(new float[] {.5f, 1, 0, 2, 1, 3, .5f, 0, 1, 2, 3, 4, 0, 0, 1, 5}, 4, 4, 1);
      trainer.fit(Dataset.of(images, Samples.labels(2)), FitOptions.epochs(1).verbose(0));
      KerasModels.save(Kind.KERAS.in(folder), trainer);
      return new TinyModel(model, trainer.weights());
    }
  }

  /** Writes a file of another kind into a folder. */
  Path write(Kind kind, Path folder) {
    Path file = kind.in(folder);
    switch (kind) {
      case KERAS -> KerasModels.save(file, model, weights);
      case SAVED_MODEL -> SavedModels.write(file, model, weights);
      default -> WeightFiles.write(file, model, weights);
    }
    return file;
  }

  /** Unpacks a {@code .keras} file into the folder {@code unpacked} beside it. */
  static Path unpacked(Path file) throws IOException {
    Path folder = Files.createDirectory(file.resolveSibling("unpacked"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream content = zip.getInputStream(entry)) {
          Files.copy(content, folder.resolve(entry.getName()));
        }
      }
    }
    return folder;
  }
}
