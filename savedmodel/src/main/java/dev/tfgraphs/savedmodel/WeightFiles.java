package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Files of weights.
 *
 * <ul>
 *   <li>Those of a {@code .keras} file, or of a folder with the same files, which are read only:
 *       {@link KerasModels#save} writes such files.
 *   <li>Keras's: {@code .weights.h5}, the same in shards with their index {@code .weights.json},
 *       and the older {@code .h5}, with weights alone or a whole model.
 *   <li>{@code .safetensors}: tensors called {@code conv1_conv/kernel} as Keras's paths of weights,
 *       or PyTorch's residual networks, {@code layer1.0.conv1.weight} of torchvision and timm or
 *       Hugging Face's names for the same, for a model whose layers are called as torchvision's
 *       modules, {@code layer1.0.conv1} or {@code layer1_0_conv1}. The former is written.
 *   <li>TensorFlow checkpoints: {@code ckpt-1.index} beside its data, or their common beginning
 *       {@code ckpt-1}, or the folder of a SavedModel. Variables are told by their names, and those
 *       of optimizers, metrics and random layers are left out.
 * </ul>
 *
 * <p>What is in a file says of what kind it is when it is read, and its name when it is written.
 */
public final class WeightFiles {
  private static final ImmutableList<WeightFormat> FORMATS =
      ImmutableList.of(
          new KerasFile(),
          new KerasHdf5(),
          new KerasShards(KerasShards.DEFAULT),
          new SafeTensors(),
          new Checkpoints());

  private static final ImmutableList<WeightFormat> WRITTEN = FORMATS.subList(1, FORMATS.size());

  private WeightFiles() {}

  /**
   * {@return the weights of {@code model} that a file has}
   *
   * @throws ModelFileException as {@link #read(Path, Model, ReadOptions)}
   */
  public static Weights read(Path file, Model model) {
    return read(file, model, ReadOptions.defaults());
  }

  /**
   * {@return the weights of {@code model} that a file has}
   *
   * <p>They are float32, whatever they are in the file. No number is read before all are known to
   * fit.
   *
   * @throws ModelFileException if the file is of no known kind, damaged, or has not exactly the
   *     weights of the model, of which the message lists all that are missing, unused or of another
   *     shape
   */
  public static Weights read(Path file, Model model, ReadOptions options) {
    try {
      return formatOf(file).read(file, model, options);
    } catch (IOException e) {
      throw failed(file, "cannot be read", e);
    }
  }

  /**
   * Writes weights, of the kind that the name of the file ends with, in the place of the file that
   * is there. It appears as a whole or not at all; of a checkpoint, the old index goes before its
   * data are replaced, and the new one comes last, so that one that is there has its own data. Data
   * and shards of which the old index says nothing are another's, and not replaced; what it had and
   * the new one has not is deleted.
   *
   * @param weights exactly those of the model
   * @throws ModelFileException if the name ends as that of no known kind, another's file is in the
   *     way, or the file cannot be written; then an old one stays as it was, unless files of a
   *     checkpoint were written and could not be moved to their places
   * @throws dev.tfgraphs.graphs.GraphException if the weights are not those of the model
   */
  public static void write(Path file, Model model, Weights weights) {
    WeightFormat format =
        named(file).orElseThrow(() -> unknown(file, WRITTEN, "a name that ends otherwise"));
    write(file, model, weights, format);
  }

  /**
   * Writes weights in files of at most {@code shardBytes} bytes of numbers, {@code
   * name_00000.weights.h5} and so on, with the index {@code name.weights.json}, which comes last.
   * An old index goes before shards are replaced: one that is there has its own shards. Others are
   * replaced or deleted as {@link #write} does.
   *
   * @param index the index; its name ends with {@code .weights.json}
   * @param weights exactly those of the model
   * @throws ModelFileException if the index is called otherwise, a tensor alone is larger,
   *     another's file is in the way, or a file cannot be written
   * @throws dev.tfgraphs.graphs.GraphException if the weights are not those of the model
   */
  public static void writeShards(Path index, Model model, Weights weights, long shardBytes) {
    KerasShards format = new KerasShards(shardBytes);
    if (!endsAs(format, index)) {
      throw new ModelFileException(
          "weights %s: expected a name that ends with .weights.json for an index of shards"
              .formatted(index));
    }
    write(index, model, weights, format);
  }

  /**
   * {@return whether writing weights to {@code file} may put a file in the place of {@code other}:
   * it is the same, or called as a shard of that index or the data of that checkpoint}
   *
   * @throws ModelFileException if it cannot be found out where they are
   */
  public static boolean replaces(Path file, Path other) {
    try {
      return isBeside(file, other) || (Files.exists(other) && isBeside(file, other.toRealPath()));
    } catch (IOException e) {
      throw failed(file, "cannot be found", e);
    }
  }

  private static boolean isBeside(Path file, Path other) throws IOException {
    String name = file.getFileName().toString();
    String otherName = other.getFileName().toString();
    return folder(file).equals(folder(other))
        && (name.equals(otherName)
            || named(file).filter(format -> format.isPart(name, otherName)).isPresent());
  }

  private static Path folder(Path file) throws IOException {
    return file.toAbsolutePath().resolveSibling("").toRealPath();
  }

  /** Writes aside what makes up the weights, and then moves it to its place. */
  static void write(Path file, Model model, Weights weights, WeightFormat format) {
    weights.checkFit(model);
    try {
      NewFile.put(file, format.files(file, model, weights), format.parts(file));
    } catch (IOException e) {
      throw failed(file, "cannot be written", e);
    }
  }

  static WeightFormat formatOf(Path file) throws IOException {
    byte[] head = head(file);
    Optional<WeightFormat> found =
        FORMATS.stream().filter(format -> format.isIn(file, head)).findFirst();
    if (found.isEmpty() && !Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return found.orElseThrow(() -> unknown(file, FORMATS, "one that begins with " + shown(head)));
  }

  /** How a file begins; with nothing if there is none. */
  static byte[] head(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(WeightFormat.HEAD);
    }
  }

  private static String shown(byte[] head) {
    return head.length == 0 ? "nothing" : HexFormat.ofDelimiter(" ").formatHex(head);
  }

  private static Optional<WeightFormat> named(Path file) {
    return FORMATS.stream().filter(format -> endsAs(format, file)).findFirst();
  }

  private static boolean endsAs(WeightFormat format, Path file) {
    return format.endings().stream().anyMatch(file.toString()::endsWith);
  }

  private static ModelFileException unknown(Path file, List<WeightFormat> known, String received) {
    return new ModelFileException(
        "weights %s: expected a file of weights (%s), received %s"
            .formatted(
                file,
                String.join(
                    ", ", known.stream().flatMap(format -> format.endings().stream()).toList()),
                received));
  }

  private static ModelFileException failed(Path file, String problem, IOException cause) {
    return new ModelFileException(
        "weights " + file + ": " + ModelFileException.because(file, problem, cause), cause);
  }
}
