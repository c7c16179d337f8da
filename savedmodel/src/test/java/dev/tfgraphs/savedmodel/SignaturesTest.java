package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** SavedModels with signatures of all kinds, as the first TensorFlow writes them: a graph alone. */
class SignaturesTest {
  @TempDir Path base;

  /** Writes {@code twice}, {@code lengths} and {@code not}, of which none is the default. */
  @BeforeEach
  void write() throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      MetaGraphDef.Builder written = served();
      Operand<TFloat32> x = placeholder(tf, TFloat32.class);
      Operand<TFloat32> y = tf.math.mul(x, tf.constant(2f));
      written.putSignatureDef(
          "twice",
          SignatureDef.newBuilder()
              .putInputs("x", pairs(x))
              .putOutputs("given", pairs(x))
              .putOutputs("made", pairs(y))
              .putOutputs("made_again", pairs(y))
              .build());
      Operand<TString> text = placeholder(tf, TString.class);
      Operand<TInt64> lengths = tf.dtypes.cast(tf.strings.stringLength(text), TInt64.class);
      written.putSignatureDef(
          "lengths",
          SignatureDef.newBuilder()
              .putInputs("text", pairs(text))
              .putOutputs("bytes", pairs(tf.math.add(lengths, tf.constant(1L << 40))))
              .putOutputs("text", pairs(tf.strings.upper(text)))
              .build());
      Operand<TBool> flag = placeholder(tf, TBool.class);
      written.putSignatureDef(
          "not",
          SignatureDef.newBuilder()
              .putInputs("flag", pairs(flag))
              .putOutputs("other", pairs(tf.math.logicalNot(flag)))
              .build());
      written.putSignatureDef("__saved_model_train_op", SignatureDef.getDefaultInstance());
      save(written.setGraphDef(graph.toGraphDef()));
    }
  }

  private void save(MetaGraphDef.Builder written) throws IOException {
    byte[] bytes = SavedModel.newBuilder().addMetaGraphs(written).build().toByteArray();
    Files.write(base.resolve("saved_model.pb"), bytes);
  }

  private static MetaGraphDef.Builder served() {
    MetaGraphDef.Builder written = MetaGraphDef.newBuilder();
    written.getMetaInfoDefBuilder().addTags("serve");
    return written;
  }

  private static <T extends TType> Operand<T> placeholder(Ops tf, Class<T> type) {
    return tf.placeholder(type, Placeholder.shape(shape(-1, 2)));
  }

  private static TensorInfo pairs(Operand<?> operand) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setSize(-1);
    shape.addDimBuilder().setSize(2);
    return TensorInfo.newBuilder()
        .setName(OpNames.tensor(operand.asOutput()))
        .setDtype(operand.asOutput().dataType())
        .setTensorShape(shape)
        .build();
  }

  private static HostTensor pair(float first, float second) {
    return new HostTensor(Shape.of(1, 2), new float[] {first, second});
  }

  private static String message(Executable call) {
    return String.valueOf(assertThrows(ModelFileException.class, call).getMessage());
  }

  @Test
  void signaturesAreListed() {
    try (LoadedModel model = SavedModels.load(base)) {
      Optional<Shape> shape = Optional.of(Shape.of(-1, 2));
      assertEquals(
          List.of("lengths", "not", "twice"),
          model.signatures().stream().map(Signature::name).toList());
      assertEquals(
          List.of(
              new SignatureTensor("bytes", DataType.DT_INT64, shape),
              new SignatureTensor("text", DataType.DT_STRING, shape)),
          model.signatures().get(0).outputs());
      assertEquals(
          List.of(new SignatureTensor("flag", DataType.DT_BOOL, shape)),
          model.signatures().get(1).inputs());
    }
  }

  @Test
  void anyOfThemIsCalledByItsName() {
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(
          Map.of("given", pair(1, 2), "made", pair(2, 4), "made_again", pair(2, 4)),
          model.predict("twice", Map.of("x", pair(1, 2))));
      assertEquals(Map.of("other", pair(1, 0)), model.predict("not", Map.of("flag", pair(0, 1))));
      assertEquals(
          "input 'flag': expected whole numbers for DT_BOOL, received 2.0",
          message(() -> model.predict("not", Map.of("flag", pair(0, 2)))));
    }
  }

  @Test
  void tensorsOfAnyTypeAreTakenAndGiven() {
    try (LoadedModel model = SavedModels.load(base);
        TString text = TString.vectorOf("ab", "é");
        TString pair = TString.tensorOf(shape(1, 2), DataBuffers.ofObjects("ab", "é"))) {
      String said =
          model.run(
              "lengths",
              Map.of("text", pair),
              outputs -> {
                TInt64 bytes = (TInt64) Objects.requireNonNull(outputs.get("bytes"));
                TString upper = (TString) Objects.requireNonNull(outputs.get("text"));
                return bytes.getLong(0, 1) - (1L << 40) + upper.getObject(0, 0);
              });
      assertEquals("2AB", said);
      assertEquals(
          "input 'x': expected DT_FLOAT, received DT_STRING",
          message(() -> model.run("twice", Map.of("x", pair), outputs -> "")));
      assertEquals(
          "input 'text': expected (None, 2), received (2,)",
          message(() -> model.run("lengths", Map.of("text", text), outputs -> "")));
      assertEquals(
          "predict: expected inputs [text], received [x]",
          message(() -> model.run("lengths", Map.of("x", pair), outputs -> "")));
    }
  }

  private static org.tensorflow.ndarray.Shape shape(long... sizes) {
    return org.tensorflow.ndarray.Shape.of(sizes);
  }

  @Test
  void withoutADefaultOneHasToBeNamed() {
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(
          "SavedModel "
              + base
              + ": expected the signature serving_default where none is named, found [lengths, not,"
              + " twice]",
          message(() -> model.predict(pair(1, 2))));
      assertEquals(
          "SavedModel "
              + base
              + ": expected a signature of [lengths, not, twice], received 'thrice'",
          message(() -> model.predict("thrice", Map.of())));
    }
  }

  @Test
  void theOnlyOneIsTheDefault() throws IOException {
    try (Graph graph = new Graph()) {
      Operand<TFloat32> x = placeholder(Ops.create(graph), TFloat32.class);
      MetaGraphDef.Builder written = served();
      written.putSignatureDef(
          "classify",
          SignatureDef.newBuilder().putInputs("x", pairs(x)).putOutputs("y", pairs(x)).build());
      save(written.setGraphDef(graph.toGraphDef()));
    }
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(pair(3, 4), model.predict(pair(3, 4)));
      assertEquals("x", model.inputs().get(0).name());
    }
  }

  @Test
  void aSignatureOfWhatIsNotInTheGraphIsSaid() throws IOException {
    MetaGraphDef.Builder written = served();
    written.putSignatureDef(
        "serving_default",
        SignatureDef.newBuilder()
            .putInputs("x", TensorInfo.newBuilder().setName("nowhere:0").build())
            .build());
    save(written);
    assertEquals(
        "SavedModel "
            + base
            + ": cannot be read: Input \"x\"'s operand \"nowhere:0\" does not exist on the graph.",
        message(() -> SavedModels.load(base)));
  }

  @Test
  void aSignatureOfWhatIsNoTensorIsSaid() throws IOException {
    MetaGraphDef.Builder written = served();
    TensorInfo nothing = TensorInfo.newBuilder().setDtype(DataType.DT_FLOAT).build();
    written.putSignatureDef("s", SignatureDef.newBuilder().putOutputs("y", nothing).build());
    save(written);
    assertEquals(
        "SavedModel "
            + base
            + ": signature 's': expected 'y' to be a tensor, received ENCODING_NOT_SET",
        message(() -> SavedModels.load(base)));
  }

  @Test
  void aSignatureThatIsNotKnownDoesNotHinderOthers() throws IOException {
    try (Graph graph = new Graph()) {
      Operand<TFloat32> x = placeholder(Ops.create(graph), TFloat32.class);
      MetaGraphDef.Builder written = served();
      written.putSignatureDef(
          "good",
          SignatureDef.newBuilder().putInputs("x", pairs(x)).putOutputs("y", pairs(x)).build());
      TensorInfo nothing = TensorInfo.newBuilder().setDtype(DataType.DT_FLOAT).build();
      written.putSignatureDef("odd", SignatureDef.newBuilder().putOutputs("y", nothing).build());
      save(written.setGraphDef(graph.toGraphDef()));
    }
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(List.of("good"), model.signatures().stream().map(Signature::name).toList());
      assertEquals(pair(3, 4), model.predict(pair(3, 4)));
      assertEquals(
          "SavedModel "
              + base
              + ": signature 'odd': expected 'y' to be a tensor, received ENCODING_NOT_SET",
          message(() -> model.predict("odd", Map.of())));
    }
  }

  private static Path backbone(Path folder) {
    Node image = input("image", 3);
    Model model = Model.of(image, image.to(dense(2).name("features")));
    Weights weights =
        Weights.of(
            ImmutableMap.of(
                "features/kernel", new HostTensor(Shape.of(3, 2), new float[] {1, 0, 0, 1, 1, 1}),
                "features/bias", new HostTensor(Shape.of(2), new float[] {10, 20})));
    return SavedModels.write(folder, model, weights);
  }

  @Test
  void aLoadedModelStandsBeforeAHeadThatLearns() {
    Path folder = backbone(base.resolve("backbone"));
    float[] samples = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    Dataset data = Dataset.of(Samples.of(samples, 3), Samples.of(new float[] {0, 1, 2}, 1));
    try (LoadedModel model = SavedModels.load(folder)) {
      Dataset features = model.applyTo(data);
      assertEquals(List.of(new TensorSpec(DataType.DT_FLOAT, Shape.of(2))), features.inputs());
      assertEquals(data.targets(), features.targets());
      assertEquals(3, features.samples());
      try (Batches batches = features.open(2, false, 0)) {
        batches.begin(0);
        assertBatch(batches.next(), new float[] {14, 25, 20, 31}, new float[] {0, 1});
        assertBatch(batches.next(), new float[] {26, 37}, new float[] {2});
        assertTrue(batches.next().isEmpty());
      }
      Node x = input(2);
      Compile compile = Compile.of(Optimizer.adam(0.1), Loss.meanSquaredError()).seed(1);
      try (Trainer trainer = Trainer.of(Model.of(x, x.to(dense(1))), compile)) {
        double before = trainer.evaluate(features).get("loss");
        trainer.fit(features, FitOptions.epochs(40).batchSize(2).verbose(0));
        assertTrue(trainer.evaluate(features).get("loss") < before / 10);
      }
    }
  }

  @Test
  void otherInputsOfTheDataStayAsTheyAre() {
    Path folder = backbone(base.resolve("backbone"));
    Dataset data =
        Dataset.of(
            List.of(Samples.of(new float[] {1, 2, 3}, 3), Samples.of(new float[] {7}, 1)),
            List.of(Samples.of(new float[] {8}, 1)));
    try (LoadedModel model = SavedModels.load(folder);
        Batches batches = model.applyTo(data).repeat(2).open(1, false, 0)) {
      batches.begin(0);
      for (int pass = 0; pass < 2; pass++) {
        try (Batch batch = batches.next().orElseThrow()) {
          assertArrayEquals(new float[] {14, 25}, floats(batch.inputs().get(0)));
          assertArrayEquals(new float[] {7}, floats(batch.inputs().get(1)));
          assertArrayEquals(new float[] {8}, floats(batch.targets().get(0)));
        }
      }
      assertTrue(batches.next().isEmpty());
    }
  }

  private static void assertBatch(Optional<Batch> made, float[] features, float[] targets) {
    try (Batch batch = made.orElseThrow()) {
      assertArrayEquals(features, floats(batch.inputs().get(0)));
      assertArrayEquals(targets, floats(batch.targets().get(0)));
    }
  }

  private static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  @Test
  void dataThatALoadedModelCannotTakeAreRefused() {
    Path folder = backbone(base.resolve("backbone"));
    Dataset bytes = Dataset.of(Samples.of(new byte[] {1, 2, 3}, 3));
    Dataset floats = Dataset.of(Samples.of(new float[] {1, 2, 3}, 3));
    Dataset features;
    try (LoadedModel model = SavedModels.load(folder)) {
      assertEquals(
          "input 'image': expected DT_FLOAT, received data of DT_UINT8; cast them in map(...)",
          message(() -> model.applyTo(bytes)));
      assertEquals(
          "input 'image': expected (None, 3), received data of (None, 2); map(...) can resize or"
              + " reshape them",
          message(() -> model.applyTo(Dataset.of(Samples.of(new float[2], 2)))));
      assertEquals(
          "input 'image': expected (None, 3), received data of (None, 1, 3); map(...) can resize or"
              + " reshape them",
          message(() -> model.applyTo(Dataset.of(Samples.of(new float[3], 1, 3)))));
      features = model.applyTo(floats);
    }
    try (Batches batches = features.open(1, false, 0)) {
      batches.begin(0);
      assertEquals(
          "loaded model: expected to be open, but close() has been called", message(batches::next));
    }
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(
          "SavedModel "
              + base
              + ": expected the signature serving_default where none is named, found [lengths, not,"
              + " twice]",
          message(() -> model.applyTo(floats)));
    }
  }
}
