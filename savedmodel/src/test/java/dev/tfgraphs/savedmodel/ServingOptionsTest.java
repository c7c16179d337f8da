package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.ActivationFunction.SIGMOID;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.centerCrop;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.conv2DTranspose;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.depthwiseConv2D;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.rescaling;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

class ServingOptionsTest {
  private static final Specimen RESNET = Specimen.named("resnet");
  private static final List<String> NAMES = List.of("fox", "hare", "Füchsin");
  private static final ServingOptions NAMED = ServingOptions.defaults().classNames(NAMES);

  @TempDir private Path base;

  static List<Specimen> specimens() {
    return Specimen.all();
  }

  private LoadedModel loaded(Specimen specimen, ServingOptions options) {
    return SavedModels.load(SavedModels.write(base, specimen.model(), specimen.weights(), options));
  }

  private static String message(Runnable call) {
    return String.valueOf(assertThrows(ModelFileException.class, call::run).getMessage());
  }

  private static List<String> names(LoadedModel model) {
    return model.signatures().stream().map(Signature::name).toList();
  }

  @Test
  void aModelHasTheSignaturesThatAreAskedFor() {
    ServingOptions options = NAMED.imageBytes().features("features", "pool", "block_bn");
    try (LoadedModel model = loaded(RESNET, options)) {
      assertEquals(
          List.of("classify", "classify_bytes", "features", "serving_bytes", "serving_default"),
          names(model));
      assertEquals(
          "(None,)", model.signatures().get(3).inputs().get(0).shape().orElseThrow().toString());
      assertEquals("image_bytes", model.signatures().get(3).inputs().get(0).name());
      assertEquals(RESNET.batch().keySet(), Set.of(model.inputs().get(0).name()));
    }
    try (LoadedModel plain = loaded(RESNET, ServingOptions.defaults())) {
      assertEquals(List.of("serving_default"), names(plain));
    }
  }

  /** The scores of each sample, and what the classes are called. */
  private record Classified(List<List<String>> classes, HostTensor scores) {}

  private static Classified classified(LoadedModel model, String signature, String in, Tensor fed) {
    return model.run(
        signature,
        Map.of(in, fed),
        outputs -> {
          TString names = (TString) Objects.requireNonNull(outputs.get("classes"));
          List<List<String>> rows = new ArrayList<>();
          for (int row = 0; row < names.shape().get(0); row++) {
            List<String> inRow = new ArrayList<>();
            for (int i = 0; i < names.shape().get(1); i++) {
              inRow.add(names.getObject(row, i));
            }
            rows.add(inRow);
          }
          TFloat32 scores = (TFloat32) Objects.requireNonNull(outputs.get("scores"));
          float[] values = new float[(int) scores.size()];
          scores.asRawTensor().data().asFloats().read(values);
          return new Classified(rows, new HostTensor(Elements.shape(scores.shape()), values));
        });
  }

  private static Classified classified(LoadedModel model, HostTensor batch) {
    String input = model.inputs().get(0).name();
    try (TFloat32 fed = Elements.float32(batch)) {
      return classified(model, "classify", input, fed);
    }
  }

  @Test
  void classesAreNamedTheLikeliestFirst() {
    HostTensor batch = RESNET.batch().values().asList().get(0);
    try (LoadedModel model = loaded(RESNET, NAMED)) {
      HostTensor predicted = model.predict(batch);
      Classified found = classified(model, batch);
      assertEquals(2, found.classes().size());
      for (int row = 0; row < 2; row++) {
        float[] values = predicted.row(row).values();
        List<Integer> order =
            List.of(0, 1, 2).stream()
                .sorted((a, b) -> Float.compare(values[b], values[a]))
                .toList();
        assertEquals(order.stream().map(NAMES::get).toList(), found.classes().get(row));
        for (int i = 0; i < 3; i++) {
          assertEquals(values[order.get(i)], found.scores().row(row).values()[i]);
        }
      }
    }
  }

  @Test
  void oneValueBetween0And1IsThatOfTheSecondClass() {
    Node in = input("x", 1);
    Model model = Model.of(in, in.to(dense(1).activation(SIGMOID).name("yes")));
    Specimen specimen = new Specimen("two", model);
    try (LoadedModel loaded =
        loaded(specimen, ServingOptions.defaults().classNames(List.of("no", "yes")))) {
      HostTensor batch = new HostTensor(Shape.of(2, 1), new float[] {-40, 40});
      float[] yes = loaded.predict(batch).values();
      Classified found = classified(loaded, batch);
      for (int row = 0; row < 2; row++) {
        assertEquals(yes[row] > 0.5 ? "yes" : "no", found.classes().get(row).get(0));
        assertEquals(Math.max(yes[row], 1 - yes[row]), found.scores().row(row).values()[0], 1e-7f);
      }
      assertTrue(yes[0] > 0.5 != yes[1] > 0.5);
    }
  }

  @Test
  void aPictureOfClassesHasNamesButNoClassifySignature() {
    Node image = input("image", 4, 4, 1);
    Specimen mask = new Specimen("mask", Model.of(image, image.to(conv2D(3, 1).name("classes"))));
    try (LoadedModel loaded = loaded(mask, NAMED)) {
      assertEquals(List.of("serving_default"), names(loaded));
      assertEquals(NAMES, loaded.classNames());
    }
  }

  /** Images of several formats and sizes, and the same as files read for training. */
  private record Encoded(List<byte[]> encoded, List<Path> files) {}

  private Encoded pictures() throws IOException {
    List<byte[]> encoded = Pictures.all();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < encoded.size(); i++) {
      files.add(Files.write(base.resolve("image" + i), encoded.get(i)));
    }
    return new Encoded(encoded, files);
  }

  private static HostTensor read(Images images) {
    SignatureTensor pixels = new SignatureTensor("pixels", DataType.DT_FLOAT, Optional.empty());
    try (Batches batches = images.open(100, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        return Elements.toHost(batch.inputs().get(0), pixels);
      }
    }
  }

  private static HostTensor ofBytes(LoadedModel model, List<byte[]> encoded) {
    try (TString bytes =
        TString.tensorOfBytes(NdArrays.vectorOfObjects(encoded.toArray(byte[][]::new)))) {
      return model.run(
          "serving_bytes",
          Map.of("image_bytes", bytes),
          outputs -> {
            TFloat32 only = (TFloat32) outputs.values().asList().get(0);
            float[] values = new float[(int) only.size()];
            only.asRawTensor().data().asFloats().read(values);
            return new HostTensor(Elements.shape(only.shape()), values);
          });
    }
  }

  @Test
  void encodedImagesAreReadAsForTraining() throws IOException {
    Encoded pictures = pictures();
    try (LoadedModel model = loaded(RESNET, NAMED.imageBytes())) {
      HostTensor expected = model.predict(read(Images.files(pictures.files(), 8, 8)));
      assertArrayEquals(expected.values(), ofBytes(model, pictures.encoded()).values(), 1e-6f);
      try (TString bytes =
          TString.tensorOfBytes(
              NdArrays.vectorOfObjects(pictures.encoded().toArray(byte[][]::new)))) {
        Classified found = classified(model, "classify_bytes", "image_bytes", bytes);
        assertEquals(4, found.classes().size());
        assertEquals(NAMES.get(expected.row(1).argMax()), found.classes().get(1).get(0));
      }
    }
  }

  @Test
  void encodedImagesArePreprocessedAsTheOptionsSay() throws IOException {
    Encoded pictures = pictures();
    ServingOptions options =
        ServingOptions.defaults()
            .imageBytes(12, 10, x -> x.to(centerCrop(8, 8)).to(rescaling(1 / 255.0).offset(-0.5)));
    try (LoadedModel model = loaded(RESNET, options)) {
      HostTensor pixels = read(Images.files(pictures.files(), 12, 10));
      float[] cropped = new float[4 * 8 * 8 * 3];
      for (int i = 0; i < cropped.length; i++) {
        int image = i / 192;
        int row = i / 24 % 8 + 2;
        int column = i / 3 % 8 + 1;
        cropped[i] = pixels.values()[((image * 12 + row) * 10 + column) * 3 + i % 3] / 255 - 0.5f;
      }
      HostTensor expected = model.predict(new HostTensor(Shape.of(4, 8, 8, 3), cropped));
      assertArrayEquals(expected.values(), ofBytes(model, pictures.encoded()).values(), 1e-6f);
    }
  }

  @Test
  void encodedImagesBecomeGreyForAModelOfOneChannel() throws IOException {
    Specimen grey = Specimen.named("no_weights");
    List<byte[]> encoded = List.of(Pictures.png(4, 4));
    try (LoadedModel model = loaded(grey, ServingOptions.defaults().imageBytes())) {
      HostTensor pooled = ofBytes(model, encoded);
      assertEquals(Shape.of(1, 2, 2, 1), pooled.shape());
      // the largest of four is that of the pixel at the right bottom: no remainders here
      assertEquals(0.299f * 19 + 0.587f * 31 + 0.114f * 14, pooled.values()[0], 1e-4f);
    }
  }

  @Test
  void aStringThatIsNoImageIsSaid() throws IOException {
    List<byte[]> encoded = List.of(Pictures.png(4, 4), new byte[] {1, 2, 3});
    try (LoadedModel model = loaded(RESNET, ServingOptions.defaults().imageBytes())) {
      String said = message(() -> ofBytes(model, encoded));
      assertTrue(said.startsWith("predict: ") && said.contains("Unknown image file format"), said);
    }
  }

  @Test
  void imagesThatNoModelTakesAreRefused() {
    ServingOptions bytes = ServingOptions.defaults().imageBytes();
    assertEquals(
        "image bytes: expected a model of one input (None, height, width, 1 or 3), received one of"
            + " [(None, None, None, 3)]",
        message(() -> loaded(Specimen.named("unknown_sizes"), bytes)));
    assertEquals(
        "image bytes: expected a model of one input (None, height, width, 1 or 3), received one of"
            + " [(None, 6), (None, 4)]",
        message(() -> loaded(Specimen.named("inputs_and_outputs"), bytes)));
    assertEquals(
        "image bytes: expected preprocessing of (None, 9, 8, 3) to give (None, 8, 8, 3), received"
            + " (None, 9, 8, 3)",
        message(() -> loaded(RESNET, ServingOptions.defaults().imageBytes(9, 8, x -> x))));
    assertEquals(
        "image bytes: expected preprocessing without weights, received batch_normalization/gamma",
        message(
            () ->
                loaded(
                    RESNET,
                    ServingOptions.defaults().imageBytes(8, 8, x -> x.to(batchNormalization())))));
    assertEquals(
        "image bytes: expected a height and a width of 1 or more, received (0, 8)",
        message(() -> ServingOptions.defaults().imageBytes(0, 8, x -> x)));
    assertTrue(Files.notExists(base.resolve("1")));
  }

  @Test
  void featuresAreTheResultsOfLayers() throws IOException {
    Map<String, HostTensor> batch = RESNET.batch();
    ServingOptions options = ServingOptions.defaults().features("features", "pool", "block_bn");
    try (LoadedModel model = loaded(RESNET, options)) {
      ImmutableMap<String, HostTensor> found = model.predict("features", batch);
      Model tapped = RESNET.model().tap("pool", "block_bn");
      List<HostTensor> expected = Reference.outputs(tapped, RESNET.weights(), batch);
      assertEquals(Set.of("pool", "block_bn"), found.keySet());
      assertArrayEquals(
          expected.get(0).values(), Objects.requireNonNull(found.get("pool")).values(), 1e-6f);
      assertArrayEquals(
          expected.get(1).values(), Objects.requireNonNull(found.get("block_bn")).values(), 1e-6f);
    }
  }

  @Test
  void signaturesOfOnesOwnHaveNamesOfTheirOwn() {
    ServingOptions once = ServingOptions.defaults().features("features", "pool");
    assertEquals(
        "signature 'features': expected a name that is not taken",
        message(() -> once.features("features", "stem")));
    assertEquals(
        "signature 'serving_bytes': expected a name that is not taken",
        message(() -> once.features("serving_bytes", "stem")));
    assertEquals(
        "signature 'more': expected the name of a layer, received none",
        message(() -> once.features("more")));
    GraphException unknown =
        assertThrows(GraphException.class, () -> loaded(RESNET, once.features("more", "pol")));
    assertEquals(
        "lowered model: expected the name of a layer, received 'pol'; near: pool, predictions (of"
            + " 10)",
        unknown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void aFoldedModelPredictsTheSame(Specimen specimen) throws IOException {
    List<HostTensor> expected =
        Reference.outputs(specimen.model(), specimen.weights(), specimen.batch());
    List<String> names = OutputNames.of(specimen.model());
    try (LoadedModel model = loaded(specimen, ServingOptions.defaults().folded())) {
      ImmutableMap<String, HostTensor> found = model.predict(specimen.batch());
      assertEquals(names.size(), found.size());
      for (int i = 0; i < names.size(); i++) {
        HostTensor output = Objects.requireNonNull(found.get(names.get(i)));
        assertArrayEquals(expected.get(i).values(), output.values(), 1e-5f);
      }
    }
    assertTrue(Files.notExists(base.resolve("1/variables")));
  }

  private Set<String> types() throws IOException {
    byte[] bytes = Files.readAllBytes(base.resolve("1/saved_model.pb"));
    return SavedModel.parseFrom(bytes).getMetaGraphs(0).getGraphDef().getNodeList().stream()
        .map(NodeDef::getOp)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Every kind of convolution before a normalization, with and without what can be left out. */
  private static Model convolutions() {
    Node image = input("image", 8, 8, 3);
    Node x = image.to(conv2D(4, 3).useBias(false)).to(batchNormalization());
    x = x.to(depthwiseConv2D(3).depthMultiplier(2)).to(batchNormalization().scale(false));
    x = x.to(conv2DTranspose(5, 3).strides(2)).to(batchNormalization().center(false)).to(relu());
    x = x.to(conv2D(4, 1).padding(Padding.SAME)).to(batchNormalization().epsilon(0.1));
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(2)));
  }

  @Test
  void everyConvolutionTakesItsNormalizationIn() throws IOException {
    Specimen specimen = new Specimen("convolutions", convolutions());
    aFoldedModelPredictsTheSame(specimen);
    Set<String> types = types();
    assertTrue(types.containsAll(Set.of("DepthwiseConv2dNative", "Conv2DBackpropInput")));
    assertTrue(types.stream().noneMatch(type -> type.matches("FusedBatchNorm.*|.*Variable.*")));
  }

  @Test
  void aNormalizationWithoutAConvolutionOfItsOwnStays() throws IOException {
    Node image = input("image", 8, 8, 3);
    Node x = image.to(batchNormalization().name("first"));
    Node conv = x.to(conv2D(3, 3).padding(Padding.SAME).name("conv"));
    Node normalized = conv.to(batchNormalization().name("second"));
    Specimen specimen = new Specimen("stays", Model.of(List.of(image), List.of(normalized, conv)));
    aFoldedModelPredictsTheSame(specimen);
    assertTrue(types().contains("FusedBatchNormV3"));
  }
}
