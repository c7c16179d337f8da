package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.Fan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is read of Keras's configs and written again is what Keras wrote; numbers are compared as
 * Python does, 6 equals 6.0.
 */
class ConfigsTest {
  private static final Set<String> FACTORS = Set.of("height_factor", "width_factor");

  static Stream<Named<JsonObject>> layers() {
    return Stream.concat(
        LayerShapesTest.cases(),
        rows("layers").map(row -> Named.of(row.get("class_name").getAsString(), row)));
  }

  private static Stream<JsonObject> rows(String list) {
    List<JsonObject> rows = Fixture.objects(Fixture.json("configs.json").getAsJsonArray(list));
    assertFalse(rows.isEmpty());
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void layersAreWrittenAsKerasWritesThem(JsonObject row) {
    Layer layer = Fixture.layer(row);
    Config config = layer.config();
    assertEquals(row.get("class_name").getAsString(), config.className());
    Map<String, Object> expected = Fixture.map(row.getAsJsonObject("config"));
    if (config.settings().containsKey("trainable")) {
      expected.put("trainable", true); // models say what does not train
      expected.put("dtype", LayerKinds.FLOAT32); // and who trains, in which precision
    } else if (!(layer instanceof Flip)) { // an operation of Keras's, which has no type
      expected.put("dtype", "float32"); // Keras writes no policy there
    }
    assertEquals(comparable(expected), comparable(config.settings()));
    assertEquals(config, Layer.fromConfig(config).config());
  }

  /** What Keras writes of {@code keras.ops.flip(x, -1)}, where that differs from layers. */
  @Test
  void aFlipIsWrittenAsTheOperationThatItIsInKeras() {
    Node image = Layers.input(4, 4, 3);
    Model model = Model.of(image, image.to(Layers.flip(-1)));
    Config config = model.config();
    List<?> rows = (List<?>) Objects.requireNonNull(config.settings().get("layers"));
    Map<?, ?> flip = (Map<?, ?>) rows.get(1);
    assertEquals("keras.src.ops.numpy", flip.get("module"));
    assertEquals(Map.of("name", "flip", "axis", -1L), flip.get("config"));
    assertEquals(config, Model.fromConfig(config).config());
  }

  @Test
  void variancesThatHaveANameAreWrittenByIt() {
    Initializer scaled = Initializer.varianceScaling(2, Fan.IN, Distribution.TRUNCATED_NORMAL);
    assertEquals("HeNormal", scaled.config().className());
    assertEquals(scaled, Initializer.fromConfig(scaled.config()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("initializers")
  void initializersAreWrittenAsKerasWritesThem(JsonObject row) {
    assertSame(row, config -> Initializer.fromConfig(config).config());
  }

  static Stream<JsonObject> initializers() {
    return rows("initializers");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("regularizers")
  void regularizersAreWrittenAsKerasWritesThem(JsonObject row) {
    assertSame(row, config -> Regularizer.fromConfig(config).config());
  }

  static Stream<JsonObject> regularizers() {
    return rows("regularizers");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constraints")
  void constraintsAreWrittenAsKerasWritesThem(JsonObject row) {
    assertSame(row, config -> Constraint.fromConfig(config).config());
  }

  static Stream<JsonObject> constraints() {
    return rows("constraints");
  }

  private static void assertSame(JsonObject row, Function<Config, Config> again) {
    Config written = again.apply(Fixture.config(row));
    assertEquals(row.get("class_name").getAsString(), written.className());
    assertEquals(
        comparable(Fixture.map(row.getAsJsonObject("config"))), comparable(written.settings()));
  }

  static Stream<Named<JsonObject>> models() {
    return rows("models").map(row -> Named.of(row.get("name").getAsString(), row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void modelsAreWrittenAsKerasWritesThem(JsonObject row) {
    Map<String, Object> object = Fixture.map(row.getAsJsonObject("object"));
    Model model = Model.fromConfig(Config.ofObject("model", object));
    assertIs(row, model);
    assertEquals(comparable(written(object)), comparable(ModelWriter.object(model.config())));
    assertIs(row, Model.fromConfig(model.config()));
    SummaryOptions options = SummaryOptions.defaults().columns(80).expandNested(true);
    assertEquals(row.get("summary").getAsString(), model.summary(options) + "\n");
  }

  static Stream<Named<JsonObject>> oldLayers() {
    return oldRows("layers")
        .map(row -> Named.of(row.getAsJsonObject("new").get("class_name").getAsString(), row));
  }

  private static Stream<JsonObject> oldRows(String list) {
    List<JsonObject> rows =
        Fixture.objects(Fixture.json("keras2/configs.json").getAsJsonArray(list));
    assertFalse(rows.isEmpty());
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oldLayers")
  void layersOfKeras2AreThoseOfKeras3(JsonObject row) {
    assertEquals(
        Fixture.layer(row.getAsJsonObject("new")).config(),
        Fixture.layer(row.getAsJsonObject("old")).config());
  }

  static Stream<Named<JsonObject>> oldModels() {
    return oldRows("models").map(row -> Named.of(row.get("name").getAsString(), row));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oldModels")
  void modelsOfKeras2AreRead(JsonObject row) {
    Map<String, Object> object = Fixture.map(row.getAsJsonObject("object"));
    Model model = Model.fromConfig(Config.ofObject("model", object));
    assertIs(row, model);
    assertIs(row, Model.fromConfig(model.config()));
  }

  @Test
  void aLayerInAModelAndInAPartOfItStaysOne() {
    Dense dense = Layers.dense(3).name("dense");
    Node inner = Layers.input(3);
    Model part = Model.of(inner, inner.to(dense)).name("part");
    Node outer = Layers.input(3);
    Model model = Model.of(outer, outer.to(dense).to(part)).name("whole");
    Model read = Model.fromConfig(model.config());
    assertEquals(12, model.parameters());
    assertEquals(12, read.parameters());
    assertEquals(model.config(), read.config());
  }

  @Test
  void aLongChainInTheWrongOrderIsReadAtOnce() {
    Node input = Layers.input("a", 2);
    Node x = input;
    for (int i = 0; i < 5_000; i++) {
      x = x.to(Layers.relu());
    }
    Config config = Model.of(input, x).name("chain").config();
    List<Object> rows = new ArrayList<>();
    config.get("layers").list().forEach(row -> rows.add(0, row.map()));
    Model read = Model.fromConfig(config.with("layers", rows));
    assertEquals(config.get("output_layers").value(), read.config().get("output_layers").value());
    assertEquals(5_001, read.layers().size());
  }

  /** Names, classes, counts, what trains, and shapes of inputs and outputs. */
  private static void assertIs(JsonObject row, Model model) {
    assertEquals(row.get("name").getAsString(), model.name().orElseThrow());
    List<List<Object>> layers = new ArrayList<>();
    for (Layer layer : model.layers()) {
      if (!(layer instanceof Input)) {
        layers.add(
            List.of(
                model.nameOf(layer),
                layer.className(),
                parameters(model, layer),
                trains(model, layer)));
      }
    }
    assertEquals(Fixture.plain(row.get("layers")), layers);
    assertEquals(shapes(row, "inputs"), model.inputs().stream().map(Node::shape).toList());
    assertEquals(shapes(row, "outputs"), model.outputs().stream().map(Node::shape).toList());
  }

  private static long parameters(Model model, Layer layer) {
    String prefix = model.nameOf(layer) + "/";
    return model.weights().stream()
        .filter(weight -> weight.path().startsWith(prefix))
        .mapToLong(weight -> weight.spec().shape().elements())
        .sum();
  }

  private static boolean trains(Model model, Layer layer) {
    return layer instanceof Model part
        ? !model.frozen().containsAll(part.freezable())
        : !model.frozen().contains(layer);
  }

  private static List<Shape> shapes(JsonObject row, String key) {
    return row.getAsJsonArray(key).asList().stream().map(Fixture::shape).toList();
  }

  /** What Keras writes without what it needs for other ends, and with calls that say as little. */
  private static Object written(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigsTest::written).toList();
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<Object, Object> kept = new LinkedHashMap<>();
    map.forEach((key, inner) -> kept.put(key, inner == null ? null : written(inner)));
    // layers are built when they are called; what is compiled is not the model's business
    kept.keySet().removeAll(List.of("build_config", "compile_config"));
    if (kept.containsKey("kwargs")) {
      kept.put("kwargs", Map.of()); // no mask, and training as whoever runs the model says
    }
    return kept;
  }

  /** One number is the range about 0, and both are written as the range. */
  private static Object around(Object factor) {
    return factor instanceof Double number ? List.of(-number, number) : factor;
  }

  private static Object comparable(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(one -> one == null ? "null" : comparable(one)).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> all = new TreeMap<>();
      map.forEach((key, inner) -> all.put(key, inner == null ? "null" : comparable(inner)));
      all.replaceAll((key, inner) -> FACTORS.contains(key) ? around(inner) : inner);
      return all;
    }
    return value instanceof Number number ? (Object) number.doubleValue() : value;
  }
}
