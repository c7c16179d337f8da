package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.depthwiseConv2D;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.normalization;
import static dev.tfgraphs.ops.Layers.reLU;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.function.Executable;

/** The files of weights that conformance/makers/weight_files.py makes, and the models in them. */
final class WeightFixture {
  private static final JsonObject JSON = json();

  private WeightFixture() {}

  private static JsonObject json() {
    try {
      String text =
          Resources.toString(
              Resources.getResource(WeightFixture.class, "weight_files.json"),
              StandardCharsets.UTF_8);
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The name of the model in each file. */
  static ImmutableMap<String, String> files() {
    ImmutableMap.Builder<String, String> files = ImmutableMap.builder();
    for (JsonElement each : JSON.getAsJsonArray("files")) {
      JsonObject file = each.getAsJsonObject();
      files.put(file.get("file").getAsString(), file.get("model").getAsString());
    }
    return files.buildOrThrow();
  }

  /** Unpacks all files. */
  static void unpack(Path folder) throws IOException {
    try (InputStream resource =
            Resources.getResource(WeightFixture.class, "weight_files.zip").openStream();
        ZipInputStream zip = new ZipInputStream(resource)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.copy(zip, folder.resolve(entry.getName()));
      }
    }
  }

  /** What Keras says that the weights of a model are. */
  static Weights weights(String model) {
    for (JsonElement each : JSON.getAsJsonArray("models")) {
      JsonObject found = each.getAsJsonObject();
      if (found.get("model").getAsString().equals(model)) {
        ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
        for (JsonElement weight : found.getAsJsonArray("weights")) {
          JsonObject tensor = weight.getAsJsonObject();
          tensors.put(tensor.get("path").getAsString(), tensor(tensor));
        }
        return new Weights(tensors.buildOrThrow());
      }
    }
    throw new IllegalArgumentException(model);
  }

  /** What Keras says that the variables of the optimizer are in the trained file. */
  static ImmutableList<HostTensor> optimizer() {
    return JSON.getAsJsonArray("optimizer").asList().stream()
        .map(each -> tensor(each.getAsJsonObject()))
        .collect(ImmutableList.toImmutableList());
  }

  private static HostTensor tensor(JsonObject tensor) {
    int[] sizes =
        tensor.getAsJsonArray("shape").asList().stream().mapToInt(JsonElement::getAsInt).toArray();
    float[] values = new float[tensor.getAsJsonArray("values").size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.getAsJsonArray("values").get(i).getAsFloat();
    }
    return new HostTensor(Shape.of(sizes), values);
  }

  /** The model that Keras calls so. */
  static Model model(String name) {
    return switch (name) {
      case "plain" -> plain();
      case "nested" -> nested(inner());
      case "frozen" -> nested(inner().freeze("conv_a", "norm_a"));
      case "shared" -> shared();
      case "inside" -> inside();
      case "sequence" -> sequence();
      case "normalizing" -> normalizing();
      case "depthwise" -> depthwise();
      case "twins" -> chain(4, "first", "second", "third");
      case "automatic" -> automatic(false);
      case "eleven" -> eleven();
      case "half" -> half();
      default -> throw new IllegalArgumentException(name);
    };
  }

  static Model plain() {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(conv2D(2, 3).name("conv")).to(batchNormalization().name("norm"));
    x = x.to(reLU().name("relu")).to(globalAveragePooling2D().name("pool"));
    return Model.of(image, x.to(dense(3).name("head"))).name("plain");
  }

  private static Model inner() {
    return inner("conv_a", "norm_a", "conv_b", "norm_b");
  }

  static Model inner(String conv1, String norm1, String conv2, String norm2) {
    Node image = input("inner_image", 6, 6, 3);
    Node x = image.to(conv2D(2, 3).name(conv1)).to(batchNormalization().name(norm1));
    x = x.to(conv2D(2, 3).name(conv2)).to(batchNormalization().name(norm2));
    return Model.of(image, x).name("inner");
  }

  static Model nested(Model inner) {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(inner).to(globalAveragePooling2D().name("pool"));
    return Model.of(image, x.to(dense(3).name("head"))).name("nested");
  }

  private static Model shared() {
    Dense dense = dense(4).name("twice");
    Node x = input("inner_input", 4);
    Model part = Model.of(x, x.to(dense).to(batchNormalization().name("norm"))).name("part");
    Node y = input("input", 4);
    return Model.of(y, y.to(dense).to(part).to(dense(2).name("head"))).name("shared");
  }

  private static Model inside() {
    Dense dense = dense(4).name("twice");
    Node x = input("inner_input", 4);
    Model part = Model.of(x, x.to(dense).to(batchNormalization().name("norm"))).name("part");
    Node y = input("input", 4);
    return Model.of(y, y.to(part).to(dense).to(dense(2).name("head"))).name("inside");
  }

  private static Model sequence() {
    Node x = input("inner_input", 4);
    Node y = x.to(dense(4).name("dense_a")).to(batchNormalization().name("norm_a"));
    Model part = Model.of(x, y).name("part");
    Node z = input("input", 4);
    return Model.of(z, z.to(part).to(dense(2).name("head"))).name("sequence");
  }

  private static Model normalizing() {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(normalization().name("normal")).to(conv2D(2, 3).name("conv"));
    return Model.of(image, x).name("normalizing");
  }

  private static Model depthwise() {
    Node image = input("image", 6, 6, 3);
    Node x = image.to(depthwiseConv2D(3).depthMultiplier(2).name("depth"));
    x = x.to(conv2D(2, 1).useBias(false).name("point"));
    return Model.of(image, x.to(batchNormalization().scale(false).name("norm"))).name("depthwise");
  }

  static Model chain(int units, String... names) {
    Node input = input("input", units);
    Node x = input;
    for (String name : names) {
      x = x.to(dense(units).name(name));
    }
    return Model.of(input, x);
  }

  /** Without names; Keras makes the shortcut last. */
  static Model automatic(boolean shortcutFirst) {
    Node image = input(6, 6, 2);
    Conv2D early = conv2D(2, 1);
    Node y = image.to(conv2D(2, 3).padding(SAME));
    y = y.to(conv2D(2, 3).padding(SAME));
    Node shortcut = image.to(shortcutFirst ? early : conv2D(2, 1));
    return Model.of(image, add(shortcut, y).to(batchNormalization()));
  }

  private static Model eleven() {
    String[] names = new String[11];
    for (int i = 0; i < names.length; i++) {
      names[i] = "layer_" + i;
    }
    return chain(2, names);
  }

  private static Model half() {
    Node input = input("input", 4);
    return Model.of(input, input.to(dense(3).name("head"))).name("half");
  }

  /** The model in a file. */
  static Model modelIn(String file) {
    return model(Objects.requireNonNull(files().get(file)));
  }

  /** The weights in a file. */
  static Weights weightsIn(String file) {
    return weights(Objects.requireNonNull(files().get(file)));
  }

  static void assertSame(Weights expected, Weights actual) {
    assertFalse(expected.tensors().isEmpty());
    assertEquals(List.copyOf(expected.tensors().keySet()), List.copyOf(actual.tensors().keySet()));
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertEquals(tensor.shape(), actual.get(name).shape(), name);
              assertArrayEquals(tensor.values(), actual.get(name).values(), name);
            });
  }

  /** What a call fails with, without the folder where files are. */
  static String message(Path folder, Executable call) {
    return String.valueOf(assertThrows(ModelFileException.class, call).getMessage())
        .replace(folder.toString(), "");
  }
}
