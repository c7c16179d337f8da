package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.ModelFileException;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What there is to say of a file.
 *
 * @param path as it was asked for
 * @param files those that make it up
 * @param network the network, if the file describes one that this library has
 * @param problem why there is no network where the file describes one; empty otherwise
 */
record Inspection(
    Path path,
    FileContents contents,
    ImmutableList<Hashed> files,
    Optional<Model> network,
    String problem) {
  private static final String TENSOR_TYPE = "DT_";

  /**
   * A file.
   *
   * @param sha256 of its bytes, in hexadecimal
   */
  record Hashed(Path path, long bytes, String sha256) {
    static Hashed of(Path path) throws IOException {
      String hash = MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString();
      return new Hashed(path, Files.size(path), hash);
    }
  }

  /** Reads the files that make it up, for their hashes. */
  static Inspection of(Path path, FileContents contents) throws IOException {
    ImmutableList.Builder<Hashed> files = ImmutableList.builder();
    for (Path file : contents.files()) {
      files.add(Hashed.of(file));
    }
    Optional<Model> network = Optional.empty();
    String problem = "";
    try {
      network = contents.network().map(KerasModels::fromJson);
    } catch (ModelFileException e) {
      problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
    return new Inspection(path, contents, files.build(), network, problem);
  }

  /** How many numbers the tensors have. */
  long numbers() {
    return contents.tensors().stream().mapToLong(tensor -> tensor.shape().elements()).sum();
  }

  /** How many bytes the numbers take. */
  long bytes() {
    return contents.tensors().stream().mapToLong(FileContents.Entry::bytes).sum();
  }

  /** How the network is trained, as Keras's settings. */
  Optional<JsonObject> training() {
    return contents
        .training()
        .map(this::parsed)
        .filter(JsonElement::isJsonObject)
        .map(JsonElement::getAsJsonObject);
  }

  /**
   * What a text of the file says.
   *
   * @throws CommandException if it is no JSON
   */
  JsonElement parsed(String text) {
    try {
      return JsonParser.parseString(text);
    } catch (JsonParseException e) {
      throw new CommandException(
          path + ": expected settings in JSON, received other text; the file is damaged", e);
    }
  }

  /** NumPy's name of what a signature takes or gives: {@code float32}. */
  static String dtype(SignatureTensor tensor) {
    String name = tensor.dtype().name();
    String plain = name.startsWith(TENSOR_TYPE) ? name.substring(TENSOR_TYPE.length()) : name;
    return switch (plain) {
      case "FLOAT" -> "float32";
      case "DOUBLE" -> "float64";
      case "HALF" -> "float16";
      default -> plain.toLowerCase(Locale.ROOT);
    };
  }

  /** As Python has it; a question mark if even the number of sizes is unknown. */
  static String shape(SignatureTensor tensor) {
    return tensor.shape().map(Shape::toString).orElse("?");
  }
}
