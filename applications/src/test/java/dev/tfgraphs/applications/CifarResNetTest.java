package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.ActivationOrder.FULL_PRE_ACTIVATION;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks are those of the papers in Keras's words (conformance/makers/cifar_resnets.py). */
class CifarResNetTest {

  private static Stream<Named<JsonObject>> rows(String list) {
    return Fixture.objects(Fixture.file("cifar_resnets.json").getAsJsonArray(list))
        .map(
            row -> Named.of(network(row) + (row.has("size") ? " on " + row.get("size") : ""), row));
  }

  static Stream<Named<JsonObject>> described() {
    return rows("described");
  }

  static Stream<Named<JsonObject>> computed() {
    return rows("computed");
  }

  private static CifarResNet network(JsonObject row) {
    int depth = row.get("depth").getAsInt();
    CifarResNet network =
        row.get("unit").getAsString().equals("basic")
            ? CifarResNet.basic(depth)
            : CifarResNet.bottleneck(depth);
    return network
        .order(ActivationOrder.valueOf(Ascii.toUpperCase(row.get("order").getAsString())))
        .shortcut(Shortcut.valueOf(Ascii.toUpperCase(row.get("shortcut").getAsString())))
        .widening(row.get("projects").getAsBoolean() ? Widening.PROJECTION : Widening.ZEROS);
  }

  private static Model model(CifarResNet network, int height, int width) {
    Node images = input(height, width, 3);
    return Model.of(images, network.on(images, 10));
  }

  @ParameterizedTest
  @MethodSource("described")
  void aNetworkHasTheLayersOfKerasInItsOrder(JsonObject row) {
    JsonObject actual = KerasLines.facts(model(network(row), 32, 32));
    JsonObject expected = new JsonObject();
    actual.keySet().forEach(key -> expected.add(key, row.get(key)));
    assertEquals(expected, actual);
  }

  /** Behind two units a stage, before the probabilities, which would hide much. */
  @ParameterizedTest
  @MethodSource("computed")
  void aShallowNetworkMakesTheFeaturesOfKeras(JsonObject row) {
    Formulas.assertFeatures(row, shallow(row).tap("global_average_pooling2d"));
  }

  private static Model shallow(JsonObject row) {
    int[] size = Fixture.shape(row.get("size")).toArray();
    return model(network(row), size[0], size[1]);
  }

  @ParameterizedTest
  @MethodSource("computed")
  void everyWeightOfAShallowNetworkLearns(JsonObject row) {
    Formulas.assertLearns(shallow(row));
  }

  /**
   * Table 6 of the first paper, in millions; with projections a ResNet-32 would have 0.47. Keras's
   * exact counts are among what is {@link #described()}.
   */
  @ParameterizedTest
  @CsvSource({"20, 0.27", "32, 0.46", "44, 0.66", "56, 0.85", "110, 1.7", "1202, 19.4"})
  void aNetworkHasTheParametersThatThePaperCounts(int depth, double millions) {
    long trained = KerasLines.trained(model(CifarResNet.basic(depth), 32, 32));
    assertEquals(millions, trained / 1e6, millions < 1 ? 0.005 : 0.05);
  }

  /** Table 4 of the second paper, which leaves out the normalizations. */
  @ParameterizedTest
  @CsvSource({"164, 1.7", "1001, 10.2"})
  void aNetworkOfBottlenecksHasTheParametersThatThePaperCounts(int depth, double millions) {
    Model model = model(CifarResNet.bottleneck(depth).order(FULL_PRE_ACTIVATION), 32, 32);
    long normalizing =
        model.weights().stream()
            .filter(weight -> weight.layer() instanceof BatchNormalization && weight.trainable())
            .mapToLong(weight -> weight.spec().shape().elements())
            .sum();
    assertEquals(millions, (KerasLines.trained(model) - normalizing) / 1e6, 0.05);
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, 2, 18, 21})
  void aBasicNetworkOfAnotherDepthIsRefused(int depth) {
    ModelException thrown = assertThrows(ModelException.class, () -> CifarResNet.basic(depth));
    assertEquals(
        "CifarResNet of kernel sizes [3, 3]: expected a depth of 6n + 2, such as 110, received "
            + depth,
        thrown.getMessage());
  }

  @Test
  void aNetworkOfBottlenecksOfAnotherDepthIsRefused() {
    ModelException thrown = assertThrows(ModelException.class, () -> CifarResNet.bottleneck(32));
    assertEquals(
        "CifarResNet of kernel sizes [1, 3, 1]: expected a depth of 9n + 2, such as 164, received"
            + " 32",
        thrown.getMessage());
  }

  @Test
  void unitsAreOfTwoConvolutionsOrOfThree() {
    CifarResNet basic = CifarResNet.basic(20);
    ModelException thrown =
        assertThrows(
            ModelException.class,
            () ->
                new CifarResNet(
                    20, ImmutableList.of(3), basic.order(), basic.shortcut(), basic.widening()));
    assertEquals(
        "CifarResNet: expected kernel sizes [3, 3] or [1, 3, 1], received [3]",
        thrown.getMessage());
  }

  @Test
  void aNetworkNormalizesAsItIsTold() {
    Node images = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Node made =
        CifarResNet.bottleneck(164).on(images, 10, () -> batchNormalization().momentum(0.9));
    assertEquals(
        List.of(0.9),
        Model.of(images, made).layers().stream()
            .filter(BatchNormalization.class::isInstance)
            .map(layer -> ((BatchNormalization) layer).momentum())
            .distinct()
            .toList());
  }

  /** What slide 9 compares. */
  @ParameterizedTest
  @EnumSource(Shortcut.class)
  void aResNet18TakesEveryShortcut(Shortcut shortcut) {
    Node images = input(32, 32, 3);
    Model model = Model.of(images, ResNets.resNet18(images, 10, shortcut));
    long sums = model.layers().stream().filter(l -> l.className().equals("Add")).count();
    assertEquals(shortcut == Shortcut.NONE ? 0 : 8, sums);
  }
}
