package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResNetsTest {

  private static Model model(UnaryOperator<Node> network, int... sizes) {
    Node in = input(sizes);
    return Model.of(in, network.apply(in));
  }

  private static List<Double> momenta(Model model) {
    return model.layers().stream()
        .filter(BatchNormalization.class::isInstance)
        .map(layer -> ((BatchNormalization) layer).momentum())
        .distinct()
        .toList();
  }

  @Test
  void aNetworkNormalizesAsItIsTold() {
    assertEquals(
        List.of(0.9),
        momenta(
            model(
                x -> ResNets.cifarResNet(x, 20, 10, () -> batchNormalization().momentum(0.9)),
                32,
                32,
                3)));
    assertEquals(
        List.of(0.9),
        momenta(
            model(
                x -> ResNets.resNet18(x, 10, () -> batchNormalization().momentum(0.9)),
                64,
                64,
                3)));
  }

  @Test
  void aNetworkNormalizesAsKerasDoesWhenNotTold() {
    assertEquals(List.of(0.99), momenta(model(x -> ResNets.cifarResNet(x, 20, 10), 32, 32, 3)));
    assertEquals(List.of(0.99), momenta(model(x -> ResNets.resNet18(x, 10), 64, 64, 3)));
    assertEquals(List.of(0.99), momenta(model(x -> ResNets.resNet34(x, 10), 64, 64, 3)));
    assertEquals(List.of(0.99), momenta(model(x -> ResNets.flexibleResNet(x, 10), 64, 64, 3)));
  }

  @Test
  void everyPublishedDepthIsPossible() {
    List<Integer> blocks =
        ResNets.CIFAR_DEPTHS.stream()
            .map(depth -> model(x -> ResNets.cifarResNet(x, depth, 10), 32, 32, 3))
            .map(model -> (int) model.layers().stream().filter(ResNetsTest::isSum).count())
            .toList();
    assertEquals(List.of(9, 15, 21, 27, 54), blocks);
  }

  private static boolean isSum(Layer layer) {
    return layer.className().equals("Add");
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, 2, 18, 21})
  void anotherDepthIsRefused(int depth) {
    Node in = input(32, 32, 3);
    ModelException thrown =
        assertThrows(ModelException.class, () -> ResNets.cifarResNet(in, depth, 10));
    assertEquals(
        "cifarResNet: expected a depth of 6n + 2, such as 20, received " + depth,
        thrown.getMessage());
  }

  @Test
  void aStrideProjectsTheShortcutWhateverTheSize() {
    int unknown = Shape.UNKNOWN;
    assertEquals(10, model(x -> ResidualBlocks.residualBlock(x, 8, 2), 1, 1, 8).layers().size());
    assertEquals(
        10, model(x -> ResidualBlocks.residualBlock(x, 8, 2), unknown, unknown, 8).layers().size());
  }

  @Test
  void aBlockThatKeepsWhatComesInNeedsItsChannels() {
    Node in = input(16, 16, 3);
    ModelException thrown =
        assertThrows(ModelException.class, () -> ResidualBlocks.identityBlock(in, 8, 3));
    assertEquals(
        "layer Add: expected inputs of one shape,"
            + " received (None, 16, 16, 3) and (None, 16, 16, 8)",
        thrown.getMessage());
  }
}
