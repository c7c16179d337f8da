package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertTrue(MultiplyAdds.of(network.model()) > network.model().parameters());
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

  @ParameterizedTest
  @CsvSource({
    "resnet50, 25636712",
    "torch_resnet50, 25610152",
    "resnet18, 11703912",
    "resnet20, 274826",
    "cifar_resnet20, 271098",
    "cifar_resnet1001v2, 10476922"
  })
  void oneNameIsOneNetwork(String name, long parameters) {
    assertEquals(parameters, named(name).model().parameters());
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
