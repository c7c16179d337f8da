package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.VarianceScaling;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** Equal seeds give the weights that Keras gives. */
class InitialValuesTest {
  /**
   * Normal numbers go through log, sine and cosine, of which two builds of TensorFlow may round the
   * last bit otherwise; 2^-22 of the largest value is twice that bit. So may sums of an orthogonal
   * matrix's decomposition.
   */
  private static final double LAST_BITS = 2.4e-7;

  private static JsonObject file() {
    return Golden.file("initial_weights.json");
  }

  static Stream<JsonObject> initializers() {
    return Golden.rows(file().get("initializers")).stream();
  }

  static Stream<JsonObject> models() {
    return Golden.rows(file().get("models")).stream();
  }

  @ParameterizedTest
  @MethodSource("initializers")
  void ofEveryInitializerAreThoseOfKeras(JsonObject row) {
    Initializer initializer = Initializer.fromConfig(KerasConfig.of(row));
    Shape shape = Shape.of(Golden.integers(row.get("shape")));
    long drawn = new PythonRandom(row.get("random_seed").getAsLong()).nextSeed();
    try (Graph graph = new Graph()) {
      Emitter e = Emitter.into(Ops.create(graph));
      var values = new InitialValues(e).of(initializer, shape, drawn);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(values).run()) {
        assertIs(row, HostTensor.of(result.get(0)), normal(initializer));
      }
    }
  }

  private static boolean normal(Initializer initializer) {
    return initializer instanceof Initializer.Random random
        && !(random.draw() instanceof Initializer.RandomUniform)
        && !(random.draw() instanceof VarianceScaling scaling
            && scaling.distribution() == Distribution.UNIFORM);
  }

  /** Uniform and constant values bit for bit; normal ones but for roundings. */
  private static void assertIs(JsonObject row, HostTensor actual, boolean normal) {
    assertEquals(Shape.of(Golden.integers(row.get("shape"))), actual.shape());
    float[] values = actual.values();
    if (!normal) {
      assertEquals(row.get("sha256").getAsString(), sha256(values), row.toString());
      return;
    }
    double slack = LAST_BITS * Math.sqrt(row.get("sum_of_squares").getAsDouble());
    float[] first = Golden.floats(row.get("first"));
    float[] last = Golden.floats(row.get("last"));
    assertClose("first", first, Arrays.copyOf(values, first.length), 0, slack);
    float[] end = Arrays.copyOfRange(values, values.length - last.length, values.length);
    assertClose("last", last, end, 0, slack);
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    assertEquals(row.get("sum").getAsDouble(), sum, slack * values.length);
    assertEquals(row.get("sum_of_squares").getAsDouble(), squares, slack * values.length);
  }

  private static String sha256(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyInitializerIsCompared() {
    assertEquals(78, initializers().count());
    assertEquals(9, initializers().filter(row -> className(row).equals("Orthogonal")).count());
    assertEquals(6, initializers().filter(row -> className(row).equals("Identity")).count());
  }

  private static String className(JsonObject row) {
    return row.get("class_name").getAsString();
  }

  @ParameterizedTest
  @MethodSource("models")
  void ofModelsAreThoseOfKeras(JsonObject row) {
    Model model = model(row.get("model").getAsString());
    List<JsonObject> expected = Golden.rows(row.get("weights"));
    try (Graph graph = new Graph()) {
      Lowering lowering = Lowering.of(Ops.create(graph), model, row.get("random_seed").getAsLong());
      List<HostTensor> actual = new ArrayList<>();
      try (Session session = new Session(graph)) {
        session.initialize();
        Session.Runner runner = session.runner();
        lowering.variables().all().forEach(variable -> runner.fetch(variable.value()));
        try (Result result = runner.run()) {
          result.forEach(entry -> actual.add(HostTensor.of(entry.getValue())));
        }
      }
      assertEquals(expected.size(), actual.size());
      for (int i = 0; i < actual.size(); i++) {
        WeightSpec spec = model.weights().get(i).spec();
        assertIs(expected.get(i), actual.get(i), normal(spec.initializer()));
      }
    }
  }

  @Test
  void givenValuesFillTheWeightOrAreRefused() {
    Initializer initializer = Initializer.values(1, 2, 3, 4);
    try (Graph graph = new Graph()) {
      InitialValues values = new InitialValues(Emitter.into(Ops.create(graph)));
      var matrix = values.of(initializer, Shape.of(2, 2), 0);
      try (Session session = new Session(graph);
          Result result = session.runner().fetch(matrix).run()) {
        assertEquals(
            new HostTensor(Shape.of(2, 2), new float[] {1, 2, 3, 4}), HostTensor.of(result.get(0)));
      }
      assertFails(
          "initializer: expected 6 values for (2, 3), received 4",
          () -> values.of(initializer, Shape.of(2, 3), 0));
    }
  }

  @Test
  void ofFourModelsAndAWholeResNetAreCompared() {
    assertEquals(
        List.of(
            "by_default",
            "by_default",
            "out_of_order",
            "random_biases",
            "orthogonal_kernels",
            "resnet20"),
        models().map(row -> row.get("model").getAsString()).toList());
    Set<Integer> counts =
        models().map(row -> row.getAsJsonArray("weights").size()).collect(Collectors.toSet());
    assertTrue(counts.contains(6 * 21 + 2), counts.toString());
  }

  private static Model model(String name) {
    return switch (name) {
      case "by_default" -> byDefault();
      case "out_of_order" -> outOfOrder();
      case "random_biases" -> randomBiases();
      case "orthogonal_kernels" -> orthogonalKernels();
      case "resnet20" -> Networks.cifarResNet(20, input(32, 32, 3));
      default -> throw new AssertionError(name);
    };
  }

  private static Model byDefault() {
    Node input = input(9, 9, 4);
    Node x =
        input
            .to(conv2D(6, 3).name("conv"))
            .to(batchNormalization().name("bn"))
            .to(dropout(0.5).name("dropout"))
            .to(depthwiseConv2D(3).depthMultiplier(2).name("depthwise"))
            .to(gaussianNoise(0.1).name("noise"))
            .to(conv2DTranspose(5, 2, 3).strides(2).name("transpose"))
            .to(spatialDropout2D(0.2).name("spatial_dropout"))
            .to(conv2D(10, 3).groups(5).name("grouped"))
            .to(flatten())
            .to(dense(7).name("dense"));
    return Model.of(input, x.to(dense(3).useBias(false).name("no_bias")));
  }

  private static Model outOfOrder() {
    Dense late = dense(4).name("late");
    Dense early = dense(5).name("early");
    Node input = input(6);
    return Model.of(input, input.to(early).to(late));
  }

  private static Model orthogonalKernels() {
    Initializer orthogonal = Initializer.orthogonal(1);
    Node input = input(5, 5, 2);
    Node x =
        input
            .to(conv2D(7, 2).kernelInitializer(orthogonal).name("conv"))
            .to(
                depthwiseConv2D(2)
                    .depthwiseInitializer(Initializer.orthogonal(0.5))
                    .name("depthwise"))
            .to(conv2DTranspose(3, 2).kernelInitializer(orthogonal).name("transpose"))
            .to(flatten())
            .to(dense(6).kernelInitializer(orthogonal).name("dense"));
    Layer identity = dense(6).kernelInitializer(Initializer.identity(1)).name("identity");
    return Model.of(input, x.to(identity));
  }

  private static Model randomBiases() {
    Node input = input(5, 5, 2);
    Node x = input.to(conv2D(3, 2).biasInitializer(Initializer.randomNormal(0, 0.05)).name("conv"));
    Layer bn =
        batchNormalization()
            .gammaInitializer(Initializer.randomUniform(-0.05, 0.05))
            .betaInitializer(Initializer.truncatedNormal(0, 0.05))
            .name("bn");
    x = x.to(bn).to(flatten());
    Layer dense =
        dense(4)
            .kernelInitializer(Initializer.heNormal())
            .biasInitializer(Initializer.glorotUniform())
            .name("dense");
    return Model.of(input, x.to(dense));
  }
}
