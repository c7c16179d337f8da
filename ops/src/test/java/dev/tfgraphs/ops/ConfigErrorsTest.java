package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A config that cannot be read says where, what was expected and what came. */
class ConfigErrorsTest {
  private static Config config(String json) {
    return Config.ofObject(
        "object", Fixture.map(JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject()));
  }

  private static String layer(String className, String settings) {
    return "{'class_name': '%s', 'config': {'name': 'x'%s}}".formatted(className, settings);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of(
            layer("Dense", ""), "layer 'x' (Dense): expected a setting 'units', received []"),
        Arguments.of(
            layer("Dense", ", 'units': 'three'"),
            "layer 'x' (Dense): expected 'units' to be a whole number of 32 bits, received"
                + " \"three\""),
        Arguments.of(
            layer("Dense", ", 'units': 3000000000"),
            "layer 'x' (Dense): expected 'units' to be a whole number of 32 bits, received"
                + " 3000000000"),
        Arguments.of(
            layer("Dense", ", 'units': 0"),
            "layer 'x' (Dense): expected positive units, received 0"),
        Arguments.of(
            layer("Dense", ", 'units': 2, 'fused': true"),
            "layer 'x' (Dense): expected only settings that this library has, received 'fused' ="
                + " true"),
        Arguments.of(
            layer("Dense", ", 'units': 2, 'quantization_config': {'bits': 8}"),
            "layer 'x' (Dense): expected 'quantization_config' to be null, received {bits=8}"),
        Arguments.of(
            layer("Dense", ", 'units': 2, 'activation': 'glu'"),
            "layer 'x' (Dense): expected 'activation' to be one of \"linear\", \"relu\", \"relu6\","
                + " \"leaky_relu\", \"elu\", \"selu\", \"celu\", \"gelu\", \"silu\", \"mish\","
                + " \"sigmoid\", \"hard_sigmoid\", \"hard_silu\", \"hard_tanh\", \"tanh\","
                + " \"tanh_shrink\", \"softmax\", \"log_softmax\", \"log_sigmoid\", \"softplus\","
                + " \"softsign\", \"exponential\", received \"glu\""),
        Arguments.of(
            layer(
                "Dense",
                ", 'units': 2, 'kernel_initializer': {'class_name': 'HeNormal', 'config': {'seed':"
                    + " 'a'}}"),
            "layer 'x' (Dense), kernel_initializer (HeNormal): expected 'seed' to be a whole"
                + " number, received \"a\""),
        Arguments.of(
            layer(
                "Dense",
                ", 'units': 2, 'kernel_regularizer': {'class_name': 'L2', 'config': {'l2': -1}}"),
            "layer 'x' (Dense), kernel_regularizer (L2): regularizer: factors must be finite and 0"
                + " or more, received l1=0.0 and l2=-1.0"),
        Arguments.of(
            layer("Dense", ", 'units': 2, 'kernel_regularizer': 'l3'"),
            "layer 'x' (Dense), kernel_regularizer (l3): expected a class of regularizer that this"
                + " library has, received 'l3'; there are L1, L2, L1L2, OrthogonalRegularizer"),
        Arguments.of(
            layer("Conv2D", ", 'filters': 2, 'kernel_size': [3, 3, 3]"),
            "layer 'x' (Conv2D): expected 'kernel_size' to be a list of 2, received [3, 3, 3]"),
        Arguments.of(
            layer("Flatten", ", 'data_format': 'channels_first'"),
            "layer 'x' (Flatten): expected 'data_format' to be \"channels_last\", received"
                + " \"channels_first\""),
        Arguments.of(
            layer("Flatten", ", 'dtype': 'float64'"),
            "layer 'x' (Flatten): expected 'dtype' to be one of float32, mixed_bfloat16,"
                + " mixed_float16, received \"float64\""),
        Arguments.of(
            layer("BatchNormalization", ", 'axis': [1, 3]"),
            "layer 'x' (BatchNormalization): expected 'axis' to be a list of 1, received [1, 3]"),
        Arguments.of(
            layer(
                "Flatten", ", 'dtype': {'class_name': 'MyPolicy', 'config': {'name': 'float32'}}"),
            "layer 'x' (Flatten): expected 'dtype' to be a DTypePolicy, received"
                + " {class_name=MyPolicy, config={name=float32}}"),
        Arguments.of(
            layer("Dense", ", 'units': 2, 'bias_initializer': {'class_name': 'Zeros', 'cfg': {}}"),
            "layer 'x' (Dense), bias_initializer (Zeros): expected an object with a 'config',"
                + " received {class_name=Zeros, cfg={}}"),
        Arguments.of(
            layer("Lambda", ", 'function': 'code'"),
            "layer 'x' (Lambda): expected no code of Python, which is never run, received a"
                + " Lambda"),
        Arguments.of(
            "{'class_name': 'Flatten', 'config': {'name': 'a b'}}",
            "layer 'a b' (Flatten): expected a name of letters, digits, '_', '.' and '-', not"
                + " starting with '_' or '-', received 'a b'"));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layersSayWhatIsWrongWithTheirConfig(String json, String message) {
    assertFails(message, () -> Layer.fromConfig(config(json)));
  }

  @Test
  void anUnknownLayerIsNamedAndTheKnownOnesAreListed() {
    ModelException e =
        assertThrows(ModelException.class, () -> Layer.fromConfig(config(layer("Embedding", ""))));
    assertEquals(
        "layer 'x' (Embedding): expected a class of layer that this library has, received"
            + " 'Embedding'; there are "
            + String.join(", ", LayerKinds.KINDS.names()),
        e.getMessage());
  }

  private static String input(String name) {
    return "{'class_name': 'InputLayer', 'config': {'name': '%s', 'batch_shape': [null, 2]}, 'name': '%s', 'inbound_nodes': []}"
        .formatted(name, name);
  }

  private static String dense(String name, String... of) {
    return "{'class_name': 'Dense', 'config': {'name': '%s', 'units': 2}, 'name': '%s', 'inbound_nodes': [%s]}"
        .formatted(name, name, String.join(", ", of));
  }

  private static String from(String layer, int call, int result) {
    return "[['%s', %d, %d, {}]]".formatted(layer, call, result);
  }

  private static String model(String outputs, String... layers) {
    return "{'class_name': 'Functional', 'config': {'name': 'm', 'layers': [%s], 'input_layers': ['a', 0, 0], 'output_layers': %s}}"
        .formatted(String.join(", ", layers), outputs);
  }

  static Stream<Arguments> models() {
    String out = "['b', 0, 0]";
    return Stream.of(
        Arguments.of(
            model(out, input("a"), dense("b", from("c", 0, 0)), dense("c", from("b", 0, 0))),
            "layer 'b' (Dense): expected inputs that are made before it, received 'c', call 0,"
                + " which is missing or in a circle"),
        Arguments.of(
            model(out, input("a"), dense("b", from("aa", 0, 0))),
            "model 'm' (Functional): expected names of its layers, received 'aa'; near: a, b"),
        Arguments.of(
            model(out, input("a"), dense("b", from("a", 1, 0))),
            "layer 'b' (Dense): expected inputs that are made before it, received 'a', call 1,"
                + " which is missing or in a circle"),
        Arguments.of(
            model(out, input("a"), dense("b", from("a", 0, 1))),
            "model 'm' (Functional): expected 'layers[1].inbound_nodes[0][0]' to be a result that"
                + " there is, received [a, 0, 1, {}]"),
        Arguments.of(
            model("['b', -1, 0]", input("a"), dense("b", from("a", 0, 0))),
            "model 'm' (Functional): expected 'output_layers' to be a result that there is,"
                + " received [b, -1, 0]"),
        Arguments.of(
            model(out, input("a"), dense("b", from("a", 0, 0)), dense("c", from("a", 0, 0))),
            "layer 'c' (Dense): expected a layer that leads to an output of the model, received"
                + " one that does not"),
        Arguments.of(
            model(out, input("a"), dense("b", from("a", 0, 0)), dense("b", from("a", 0, 0))),
            "model 'm' (Functional): expected a name of its own for every layer, received 'b'"
                + " twice"),
        Arguments.of(
            "{'class_name': 'Mine', 'config': {}}",
            "object: expected a model of the class Functional or Sequential, received 'Mine'"),
        Arguments.of(
            "{'class_name': 'Sequential', 'config': {'name': 's', 'layers': []}}",
            "model 's' (Sequential): expected 'layers' to be one layer or more, received []"),
        Arguments.of(
            "{'class_name': 'Sequential', 'config': {'name': 's', 'layers': [{'class_name':"
                + " 'Flatten', 'config': {'name': 'f'}}]}}",
            "model 's' (Sequential): expected an InputLayer, or the shape for which it was built,"
                + " received neither; build the model in Keras before it is saved"),
        Arguments.of(
            model(
                out,
                input("a"),
                "{'class_name': 'Dropout', 'config': {'name': 'b', 'rate': 0.5}, 'name': 'b',"
                    + " 'inbound_nodes': [[['a', 0, 0, {'training': true}]]]}"),
            "layer 'b' (Dropout): expected calls that are told of training by who runs the model,"
                + " received training=true"),
        Arguments.of(
            model(
                out,
                input("a"),
                "{'class_name': 'Dense', 'config': {'name': 'b', 'units': 2}, 'name': 'b',"
                    + " 'inbound_nodes': [[['a', 0, 0, {'mask': [1]}]]]}"),
            "model 'm' (Functional): expected 'layers[1].inbound_nodes[0][0][3].mask' to be null,"
                + " as an argument of a call, received [1]"),
        Arguments.of(
            model(
                out,
                input("a"),
                "{'module': 'keras.src.ops.numpy', 'class_name': 'Add', 'config': {'name': 'b'},"
                    + " 'name': 'b', 'inbound_nodes': [{'args': [1, 2], 'kwargs': {}}]}"),
            "layer 'b' (Add): expected a layer, received an operation of keras.src.ops.numpy"));
  }

  @ParameterizedTest
  @MethodSource("models")
  void modelsSayWhatIsWrongWithTheirConfig(String json, String message) {
    assertFails(message, () -> Model.fromConfig(config(json)));
  }

  @Test
  void valuesThatAreTooDeepInEachOtherAreRefused() {
    Object value = 1;
    for (int i = 0; i < 100_000; i++) {
      value = List.of(value);
    }
    Map<String, Object> deep = Map.of("class_name", "Dense", "config", Map.of("units", value));
    assertFails(
        "object: expected values at most 200 deep in each other, received more",
        () -> Config.ofObject("object", deep));
  }

  @Test
  void aMapInItselfIsRefused() {
    Map<String, Object> endless = new HashMap<>();
    endless.put("class_name", "Dense");
    endless.put("config", endless);
    assertFails(
        "object: expected values at most 200 deep in each other, received more",
        () -> Config.ofObject("object", endless));
  }

  @Test
  void otherValuesThanPlainOnesAreRefused() {
    assertFails(
        "Dense: expected null, a Boolean, Long, Double, String, List or Map, received a"
            + " java.lang.Character",
        () -> Config.of("Dense", Map.of("units", 'x')));
  }

  @Test
  void aLayerOfOnesOwnHasNoConfig() {
    assertFails(
        "layer Dense: expected a layer that Keras has, received one of one's own",
        () -> new Own().config());
  }

  private static final class Own extends CustomLayer {
    @Override
    public Own name(String name) {
      return named(this, name);
    }

    @Override
    public String className() {
      return "Dense";
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return only(inputs);
    }
  }

  private static void assertFails(String message, Executable run) {
    assertEquals(message, assertThrows(ModelException.class, run).getMessage());
  }
}
