package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NamedNetworkTest {

  static Stream<NamedNetwork> all() {
    return NamedNetwork.all().stream();
  }

  private static NamedNetwork named(String name) {
    return all().filter(network -> network.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aNetworkIsDescribedForWhatItWasPublishedFor(NamedNetwork network) {
    assertEquals(network.name(), network.model().name().orElseThrow());
    assertTrue(network.model().parameters() > 0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aNetworkIsDescribedForOtherImagesAndClasses(NamedNetwork network) {
    Model model = network.model(3, 128, 128, 1);
    assertEquals(network.name(), model.name().orElseThrow());
    assertEquals(Shape.of(Shape.UNKNOWN, 128, 128, 1), model.input().shape());
    assertEquals(3, model.outputs().get(0).channels());
  }

  @Test
  void namesAreUnique() {
    ImmutableSet<String> names =
        all().map(NamedNetwork::name).collect(ImmutableSet.toImmutableSet());
    assertEquals(names.size(), all().count());
  }

  static Stream<JsonObject> counted() {
    return Fixture.objects(Fixture.file("named_networks.json").getAsJsonArray("networks"));
  }

  /**
   * Real Keras counts (conformance/makers/named_networks.py), and agrees with what is published.
   */
  @ParameterizedTest
  @MethodSource("counted")
  void aNetworkHoldsAndCostsWhatKerasCounts(JsonObject row) {
    Model model = named(row.get("name").getAsString()).model();
    assertEquals(row.get("parameters").getAsLong(), model.parameters());
    assertEquals(row.get("multiply_adds").getAsLong(), MultiplyAdds.of(model));
  }

  @Test
  void everyNetworkIsCounted() {
    assertEquals(
        all().map(NamedNetwork::name).toList(),
        counted().map(row -> row.get("name").getAsString()).toList());
  }

  /** Two families of one paper's depths are told apart. */
  @Test
  void networksOfOneSourceAndCostAreOne() {
    assertEquals(
        all().count(),
        all().map(network -> network.source() + network.model().parameters()).distinct().count());
  }

  @Test
  void weightsAreThoseThatFit() {
    assertEquals(
        "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
        named("resnet50").weights().orElseThrow());
    assertEquals("resnet50-0676ba61.pth", named("torch_resnet50").weights().orElseThrow());
    assertTrue(named("cifar_resnet20").weights().isEmpty());
  }
}
