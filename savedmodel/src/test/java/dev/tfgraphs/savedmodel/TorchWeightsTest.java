package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.dropout;
import static dev.tfgraphs.ops.Layers.flatten;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.reLU;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TorchWeightsTest {
  /** Sums of some hundred products, computed here in float32 and there in float64. */
  private static final float RELATIVE = 1e-5f;

  @TempDir Path folder;

  static List<JsonObject> cases() throws IOException {
    return Fixtures.json("torch/torch.json").getAsJsonArray("cases").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void modulesBecomeLayersOfTheirNames(JsonObject expected) throws IOException {
    assertPredicts(expected, TorchNetworks.dotted());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void modulesBecomeLayersOfTheirNamesWithoutDots(JsonObject expected) throws IOException {
    assertPredicts(expected, TorchNetworks.underscored());
  }

  private static void assertPredicts(JsonObject expected, TorchNetworks networks)
      throws IOException {
    String name = expected.get("name").getAsString();
    Model model = networks.of(name);
    Weights weights = read(name, model);
    HostTensor batch = Fixtures.grid(Fixtures.ints(expected.getAsJsonArray("input")));
    HostTensor wanted = Fixtures.tensor(expected.getAsJsonObject("output"));
    String input = model.nameOf(model.inputs().get(0).layer());
    HostTensor actual = Reference.outputs(model, weights, Map.of(input, batch)).get(0);
    assertEquals(wanted.shape(), actual.shape());
    assertTrue(wanted.values().length > 0);
    for (int i = 0; i < wanted.values().length; i++) {
      float value = wanted.values()[i];
      assertEquals(value, actual.values()[i], RELATIVE * Math.max(1, Math.abs(value)));
    }
  }

  private static Weights read(String name, Model model) {
    return WeightFiles.read(Fixtures.path("torch/" + name + ".safetensors"), model);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet.embedder.embedder.convolution, conv1",
    "resnet.embedder.embedder.normalization, bn1",
    "resnet.encoder.stages.0.layers.0.shortcut.convolution, layer1.0.downsample.0",
    "resnet.encoder.stages.2.layers.0.shortcut.normalization, layer3.0.downsample.1",
    "resnet.encoder.stages.2.layers.22.layer.1.convolution, layer3.22.conv2",
    "encoder.stages.3.layers.10.layer.2.normalization, layer4.10.bn3",
    "classifier.1, fc",
    "encoder.stages.x.layers.0.layer.0.convolution, encoder.stages.x.layers.0.layer.0.convolution",
    "layer1.0.conv1, layer1.0.conv1"
  })
  void huggingFacesModulesAreTorchvisions(String module, String expected) {
    assertEquals(expected, TorchNames.torchvision(module));
  }

  private static Model headed(Node image, Node flat) {
    return Model.of(image, flat.to(dense(1).useBias(false).name("fc")));
  }

  static Stream<Arguments> flattening() {
    Node image = input("image", 1, 3, 2);
    Node inner = input(1, 3, 2);
    Node flat = input(6);
    Model trunk = Model.of(inner, inner.to(flatten()).to(reLU())).name("trunk");
    Model head = headed(flat, flat.to(dropout(0.5f))).name("head");
    Model deeper = Model.of(inner, inner.to(trunk)).name("deeper");
    return Stream.of(
        Arguments.of("before it", headed(image, image.to(flatten()).to(dropout(0.5f)))),
        Arguments.of("in a model before it", headed(image, image.to(trunk).to(dropout(0.5f)))),
        Arguments.of("in a model in a model", headed(image, image.to(deeper))),
        Arguments.of("outside its model", Model.of(image, image.to(flatten()).to(head))),
        Arguments.of("in another model", Model.of(image, image.to(deeper).to(head))));
  }

  /** PyTorch flattens channels, rows, columns: here 2 channels of 1 row and 3 columns. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("flattening")
  void aKernelBehindAFlattenIsTurnedToRowsColumnsAndChannels(String where, Model model)
      throws IOException {
    String name = model.weights().get(0).path().replace("kernel", "weight").replace('/', '.');
    String header = "{'" + name + "':{'dtype':'F32','shape':[1,6],'data_offsets':[0,24]}}";
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; i < 6; i++) {
      bytes.putFloat(i);
    }
    Path file = Files.write(folder.resolve("flat.safetensors"), bytes.array());
    assertArrayEquals(
        new float[] {0, 3, 1, 4, 2, 5},
        WeightFiles.read(file, model).get(model.weights().get(0).path()).values(),
        where);
  }

  @Test
  void whatDoesNotFitIsListedUnderBothNames() {
    TorchNetworks networks = TorchNetworks.dotted();
    String file = Fixtures.path("torch/torchvision_basic.safetensors").toString();
    ModelFileException e =
        assertThrows(
            ModelFileException.class, () -> read("torchvision_basic", networks.bottleneck()));
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    assertEquals(
        "weights " + file + " (safetensors): expected the weights of the model, received others:",
        lines.get(0));
    assertTrue(
        lines.contains(
            "  layer1.0.conv1/kernel: expected (1, 1, 4, 4), received (3, 3, 4, 4) from"
                + " layer1.0.conv1.weight"),
        e.getMessage());
    assertTrue(lines.contains("  missing layer2.0.conv3/kernel (1, 1, 8, 32)"), e.getMessage());
  }

  @Test
  void onlyTheCountersOfNormalizationsAreLeftOut() throws IOException {
    Node x = input(3);
    Model model = Model.of(x, x.to(dense(2).name("fc")).to(batchNormalization().name("bn")));
    WeightPlan plan = new WeightPlan(folder, "test", model, ReadOptions.defaults());
    ImmutableList<StoredTensor> tensors =
        ImmutableList.of(
            counter("bn.num_batches_tracked", ElementType.INT64),
            counter("fc.num_batches_tracked", ElementType.INT64),
            counter("other.num_batches_tracked", ElementType.INT64),
            counter("num_batches_tracked", ElementType.INT64),
            counter("bn.num_batches_tracked", ElementType.FLOAT32),
            counter("bn.num_batches_tracked", ElementType.INT64, 1));
    TorchNames.match(model, tensors, plan);
    ModelFileException e = assertThrows(ModelFileException.class, () -> plan.read());
    assertEquals(
        List.of(
            "  unused bn.num_batches_tracked float32 ()",
            "  unused bn.num_batches_tracked int64 (1,)",
            "  unused fc.num_batches_tracked int64 ()",
            "  unused num_batches_tracked int64 ()",
            "  unused other.num_batches_tracked int64 ()"),
        String.valueOf(e.getMessage())
            .lines()
            .filter(line -> line.startsWith("  unused"))
            .toList());
  }

  private static StoredTensor counter(String name, ElementType type, int... sizes) {
    return new StoredTensor(name, Shape.of(sizes), type, (position, target) -> target.position(0));
  }

  @Test
  void aNameOfTwoLayersIsAnErrorWhereItIsUsed() throws IOException {
    Node x = input(3);
    Model model = Model.of(x, x.to(dense(3).name("a.b")).to(dense(3).name("a_b")));
    WeightPlan plan = new WeightPlan(folder, "test", model, ReadOptions.defaults());
    TorchNames.match(model, List.of(counter("a.b.bias", ElementType.FLOAT32, 3)), plan);
    ModelFileException e = assertThrows(ModelFileException.class, () -> plan.read());
    String problem =
        "a.b.bias: expected a name of one weight, received one of [a.b/bias, a_b/bias]";
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e.getMessage());
    Weights weights =
        Weights.of(
            Maps.toMap(
                model.weights().stream().map(Weight::path).toList(),
                path -> Fixtures.grid(path.endsWith("kernel") ? new int[] {3, 3} : new int[] {3})));
    Path file = folder.resolve("weights.safetensors");
    WeightFiles.write(file, model, weights);
    assertEquals(weights, WeightFiles.read(file, model));
  }

  @ParameterizedTest
  @CsvSource({
    "float16",
    "bfloat16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool"
  })
  void everyTypeOfNumbersIsRead(String type) throws IOException {
    float[] values = new float[12];
    for (int i = 0; i < values.length; i++) {
      boolean signed = !type.startsWith("uint");
      values[i] = type.equals("bool") ? (i > 6 ? 1 : 0) : signed ? i - 6 : Math.abs(i - 6);
    }
    try (RandomBytes file = RandomBytes.open(Fixtures.path("torch/types.safetensors"))) {
      SafeTensorsHeader header = SafeTensorsHeader.read(file);
      SafeTensorsHeader.Entry entry =
          header.entries().stream()
              .filter(each -> each.name().equals("head/" + type))
              .findAny()
              .orElseThrow();
      assertEquals(type, entry.type().toString());
      assertArrayEquals(values, header.tensor(file, entry).read().values());
    }
  }
}
