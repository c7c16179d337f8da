package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a file of a network is, by what is in it. */
public enum FileKind {
  /** Keras 3's {@code .keras}, or a folder with the same files: a network, weights, training. */
  KERAS_MODEL("a .keras model"),
  /** Keras's older {@code .h5} of a whole model: a network, weights, training. */
  LEGACY_MODEL("a whole model in Keras's older HDF5"),
  /** Keras's older {@code .h5} of weights alone. */
  LEGACY_WEIGHTS("weights in Keras's older HDF5"),
  /** Keras 3's {@code .weights.h5}. */
  KERAS_WEIGHTS("weights in Keras's HDF5"),
  /** Keras 3's {@code .weights.json}, the index of weights in several files. */
  KERAS_SHARDS("weights in shards of Keras's HDF5"),
  /** {@code .safetensors}. */
  SAFETENSORS("weights in safetensors"),
  /** A TensorFlow checkpoint. */
  CHECKPOINT("weights in a TensorFlow checkpoint"),
  /** A version folder of a SavedModel, or one that has such. */
  SAVED_MODEL("a SavedModel");

  private final String words;

  FileKind(String words) {
    this.words = words;
  }

  /**
   * {@return what is at {@code path}} Little more than its first bytes is read.
   *
   * @param path a file, a folder, or what the names of a checkpoint's files begin with
   * @throws ModelFileException if nothing is there, it is of no known kind, or cannot be read
   */
  public static FileKind of(Path path) {
    if (Files.isDirectory(path)) {
      return ofFolder(path);
    }
    try {
      return WeightFiles.formatOf(path).kind(path);
    } catch (NoSuchFileException e) {
      throw new ModelFileException("model " + path + ": expected a file or folder, found none", e);
    } catch (IOException e) {
      throw new ModelFileException(
          "model " + path + ": cannot be read: " + ModelFileException.reason(e), e);
    }
  }

  private static FileKind ofFolder(Path folder) {
    if (KerasArchive.isAt(folder)) {
      return KERAS_MODEL;
    }
    VersionFolders.of(folder).latest();
    return SAVED_MODEL;
  }

  /** {@return whether it says what the network is, and not only its weights} */
  public boolean hasModel() {
    return this == KERAS_MODEL || this == LEGACY_MODEL;
  }

  /** {@return in words, {@code weights in safetensors}} */
  @Override
  public String toString() {
    return words;
  }
}
