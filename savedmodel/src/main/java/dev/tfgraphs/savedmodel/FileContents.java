package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a file of a network, of which no numbers are read. It need not be one that this
 * library can make a model of.
 *
 * @param files all that belong to it: those of a folder, a checkpoint's data, shards
 * @param tensors in the order of the file, the optimizer's too where they are in it
 * @param layers what the file calls those that have tensors: layers, and what else there is
 * @param network what {@link KerasModels#fromJson} makes a model of, if the file says that
 * @param training Keras's settings of {@code compile} as JSON, if the file has them
 * @param kerasVersion the Keras that wrote it, if it says so
 * @param signatures how a SavedModel is called, in the order of their names
 */
public record FileContents(
    FileKind kind,
    ImmutableList<Path> files,
    ImmutableList<Entry> tensors,
    ImmutableSet<String> layers,
    Optional<String> network,
    Optional<String> training,
    Optional<String> kerasVersion,
    ImmutableList<Signature> signatures) {

  /**
   * A tensor of a file.
   *
   * @param name what the file calls it
   * @param dtype NumPy's name, {@code float32}
   * @param bytes how many its numbers take
   */
  public record Entry(String name, String dtype, Shape shape, long bytes) {
    static Entry of(StoredTensor tensor) {
      long bytes = tensor.shape().elements() * tensor.type().size();
      return new Entry(tensor.name(), tensor.type().toString(), tensor.shape(), bytes);
    }
  }

  /**
   * {@return what is in a file}
   *
   * @param path as {@link FileKind#of} takes it
   * @throws ModelFileException if nothing is there, it is of no known kind, damaged, or cannot be
   *     read
   */
  public static FileContents of(Path path) {
    FileKind kind = FileKind.of(path);
    try {
      return new ContentsReader(path, kind).read();
    } catch (IOException e) {
      throw new ModelFileException(
          "model " + path + ": cannot be read: " + ModelFileException.reason(e), e);
    }
  }
}
