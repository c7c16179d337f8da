package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

class LoadedModelTest {
  private static final Specimen RESNET = Specimen.named("resnet");
  private static final Specimen MANY = Specimen.named("inputs_and_outputs");

  @TempDir Path base;

  private LoadedModel loaded(Specimen specimen) {
    return SavedModels.load(SavedModels.write(base, specimen.model(), specimen.weights()));
  }

  private static HostTensor zeros(int... sizes) {
    Shape shape = Shape.of(sizes);
    return new HostTensor(shape, new float[Math.toIntExact(shape.elements())]);
  }

  private static String message(Runnable call) {
    return String.valueOf(assertThrows(ModelFileException.class, call::run).getMessage());
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    Path nowhere = base.resolve("nowhere");
    assertEquals(
        "SavedModel " + nowhere + ": expected a folder, found nothing",
        message(() -> SavedModels.load(nowhere)));
    Path file = Files.createFile(base.resolve("file"));
    assertEquals(
        "SavedModel " + file + ": expected a folder, received a file",
        message(() -> SavedModels.load(file)));
    assertEquals(
        "SavedModel " + base + ": expected saved_model.pb or a numbered folder, found none",
        message(() -> SavedModels.load(base)));
    Path version = Files.createDirectory(base.resolve("3"));
    assertEquals(
        "SavedModel " + version + ": expected saved_model.pb, found none",
        message(() -> SavedModels.load(base)));
  }

  @Test
  void aDamagedFileIsSaid() throws IOException {
    Files.writeString(base.resolve("saved_model.pb"), "no protocol buffer");
    assertTrue(
        message(() -> SavedModels.load(base))
            .startsWith("SavedModel " + base + ": a file is cut off or damaged: Can't parse "));
    Path version = SavedModels.write(base.resolve("b"), RESNET.model(), RESNET.weights());
    Files.delete(version.resolve("variables").resolve("variables.data-00000-of-00001"));
    assertTrue(
        message(() -> SavedModels.load(version))
            .startsWith("SavedModel " + version + ": cannot be read: "));
  }

  @ParameterizedTest
  @CsvSource({
    "saved_model.pb, 100, Read less bytes than requested",
    "variables/variables.index, 100, not an sstable (bad magic number)",
    "variables/variables.data-00000-of-00001, 100, Read less bytes than requested",
  })
  void aFileThatIsCutOffIsSaid(String file, int bytes, String reason) throws IOException {
    Path version = SavedModels.write(base, RESNET.model(), RESNET.weights());
    Path cut = version.resolve(file);
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), bytes));
    assertEquals(
        "SavedModel " + version + ": a file is cut off or damaged: " + reason,
        message(() -> SavedModels.load(base)));
  }

  @Test
  void variablesWithoutValuesAreSaid() throws IOException {
    Path version = SavedModels.write(base, RESNET.model(), RESNET.weights());
    MoreFiles.deleteRecursively(version.resolve("variables"), RecursiveDeleteOption.ALLOW_INSECURE);
    assertEquals(
        "SavedModel "
            + version
            + ": expected variables/variables.index beside saved_model.pb, found none",
        message(() -> SavedModels.load(base)));
  }

  @Test
  void anotherTagOrSignatureIsSaid() throws IOException {
    foreign(TUint8.class, Function.IDENTITY, "train", "serving_default");
    assertTrue(
        message(() -> SavedModels.load(base))
            .startsWith(
                "SavedModel "
                    + base
                    + ": cannot be read: Could not find meta graph def matching supplied tags: {"
                    + " serve }"));
    foreign(TUint8.class, Function.IDENTITY, "serve", "__saved_model_train_op");
    assertEquals(
        "SavedModel " + base + ": expected a signature, found none",
        message(() -> SavedModels.load(base)));
  }

  @Test
  void inputsThatAreMissingOrUnknownAreSaid() {
    try (LoadedModel model = loaded(MANY)) {
      assertEquals(
          "predict: expected inputs [left, right], received [left]",
          message(() -> model.predict(Map.of("left", zeros(1, 4)))));
      assertEquals(
          "predict: expected inputs [left, right], received [left, rihgt]",
          message(() -> model.predict(Map.of("left", zeros(1, 4), "rihgt", zeros(1, 6)))));
      assertEquals(
          "predict: expected a model of one input and one output, received one of inputs [left,"
              + " right] and outputs [both, left, shared, shared_1]",
          message(() -> model.predict(zeros(1, 4))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'1,9,8,3', 'input ''image'': expected (None, 8, 8, 3), received (1, 9, 8, 3)'",
    "'8,8,3', 'input ''image'': expected (None, 8, 8, 3), received (8, 8, 3)'",
    "'0,8,8,3', 'input ''image'': expected one sample or more, received (0, 8, 8, 3)'"
  })
  void anInputOfAnotherShapeIsSaid(String sizes, String expected) {
    int[] parsed = List.of(sizes.split(",")).stream().mapToInt(Integer::parseInt).toArray();
    try (LoadedModel model = loaded(RESNET)) {
      assertEquals(expected, message(() -> model.predict(zeros(parsed))));
    }
  }

  @Test
  void whatTensorFlowRefusesIsSaid() {
    try (LoadedModel model = loaded(MANY)) {
      assertTrue(
          message(() -> model.predict(Map.of("left", zeros(2, 4), "right", zeros(3, 6))))
              .startsWith("predict: Incompatible shapes: [2,5] vs. [3,5]"));
    }
  }

  @Test
  void afterCloseACallSaysSo() {
    LoadedModel model = loaded(RESNET);
    model.close();
    model.close();
    assertEquals(
        "loaded model: expected to be open, but close() has been called",
        message(() -> model.predict(zeros(1, 8, 8, 3))));
    assertEquals("image", model.inputs().get(0).name());
  }

  @Test
  void manyThreadsPredictAtOnceAndCloseWaitsForThem() throws Exception {
    LoadedModel model = loaded(RESNET);
    HostTensor batch = RESNET.batch().values().asList().get(0);
    float[] expected = model.predict(batch).values();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Integer>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(threads.submit(() -> predictUntilClosed(model, batch, expected)));
    }
    Thread.sleep(300);
    model.close();
    for (Future<Integer> thread : running) {
      assertTrue(thread.get() > 0);
    }
    threads.shutdown();
  }

  private static int predictUntilClosed(LoadedModel model, HostTensor batch, float[] expected) {
    for (int done = 0; ; done++) {
      float[] actual;
      try {
        actual = model.predict(batch).values();
      } catch (ModelFileException closed) {
        assertEquals(
            "loaded model: expected to be open, but close() has been called", closed.getMessage());
        return done;
      }
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-6f);
      }
    }
  }

  /** What a SavedModel that was not written here makes of its input. */
  private interface Function {
    Function IDENTITY = (tf, x) -> x;

    Operand<?> of(Ops tf, Operand<? extends TNumber> x);
  }

  /** Writes a SavedModel as another program may: other types, outputs of unknown rank. */
  private void foreign(
      Class<? extends TNumber> type, Function function, String tag, String signature)
      throws IOException {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<? extends TNumber> x =
          tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, 2)));
      Operand<?> y = tf.withName("y").identity(function.of(tf, x));
      TensorShapeProto.Builder pairs = TensorShapeProto.newBuilder();
      pairs.addDimBuilder().setSize(-1);
      pairs.addDimBuilder().setSize(2);
      TensorShapeProto unknown = TensorShapeProto.newBuilder().setUnknownRank(true).build();
      MetaGraphDef.Builder written = MetaGraphDef.newBuilder().setGraphDef(graph.toGraphDef());
      written.getMetaInfoDefBuilder().addTags(tag);
      written.putSignatureDef(
          signature,
          SignatureDef.newBuilder()
              .putInputs("x", tensor(x, pairs.build()))
              .putOutputs("y", tensor(y, unknown))
              .build());
      byte[] bytes = SavedModel.newBuilder().addMetaGraphs(written).build().toByteArray();
      Files.write(base.resolve("saved_model.pb"), bytes);
    }
  }

  private static TensorInfo tensor(Operand<?> operand, TensorShapeProto shape) {
    return TensorInfo.newBuilder()
        .setName(OpNames.tensor(operand.asOutput()))
        .setDtype(operand.asOutput().dataType())
        .setTensorShape(shape)
        .build();
  }

  private void foreign(Class<? extends TNumber> type, Function function) throws IOException {
    foreign(type, function, "serve", "serving_default");
  }

  private static HostTensor pair(float first, float second) {
    return new HostTensor(Shape.of(1, 2), new float[] {first, second});
  }

  @Test
  void bytesAreTakenAsTheNumbersThatTheyAre() throws IOException {
    foreign(TUint8.class, Function.IDENTITY);
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(DataType.DT_UINT8, model.inputs().get(0).dtype());
      assertTrue(model.outputs().get(0).shape().isEmpty());
      assertEquals(pair(0, 255), model.predict(pair(0, 255)));
      for (float bad : new float[] {256, -1, 0.5f, Float.NaN}) {
        assertEquals(
            "input 'x': expected whole numbers for DT_UINT8, received " + bad,
            message(() -> model.predict(pair(0, bad))));
      }
    }
  }

  @Test
  void integersAreTakenAndGiven() throws IOException {
    foreign(TInt64.class, Function.IDENTITY);
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(pair(-3, 0x1p62f), model.predict(pair(-3, 0x1p62f)));
      assertEquals(
          "input 'x': expected whole numbers for DT_INT64, received 9.223372E18",
          message(() -> model.predict(pair(0, 0x1p63f))));
    }
    foreign(TInt32.class, (tf, x) -> tf.math.add(tf.dtypes.cast(x, TInt32.class), tf.constant(1)));
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(pair(-2, 1), model.predict(pair(-3, 0)));
      assertEquals(
          "output 'y': expected numbers that a float holds exactly, received 16777217",
          message(() -> model.predict(pair(0, 0x1p24f))));
    }
  }

  @Test
  void otherTypesAreRefused() throws IOException {
    foreign(TBfloat16.class, Function.IDENTITY);
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(
          "input 'x': expected DT_FLOAT, DT_UINT8, DT_INT32, DT_INT64 or DT_BOOL, received"
              + " DT_BFLOAT16; run(...) takes and gives tensors of any type",
          message(() -> model.predict(pair(0, 1))));
    }
    foreign(TFloat32.class, (tf, x) -> tf.dtypes.cast(x, TFloat64.class));
    try (LoadedModel model = SavedModels.load(base)) {
      assertEquals(
          "output 'y': expected DT_FLOAT, DT_UINT8, DT_INT32, DT_INT64 or DT_BOOL, received"
              + " DT_DOUBLE; run(...) takes and gives tensors of any type",
          message(() -> model.predict(pair(0, 1))));
    }
  }
}
