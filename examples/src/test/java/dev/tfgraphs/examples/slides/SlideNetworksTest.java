package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network of the slides has the layers, names, shapes and weights of Keras's. */
class SlideNetworksTest {
  private static final ImmutableMap<String, SlideNetwork> KERAS = SlideNetwork.ofKeras();
  private static final ImmutableMap<String, Model> PROGRAMS = programs();

  private static ImmutableMap<String, Model> programs() {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("identity block", block(x -> IdentityBlock.identityBlock(x, 64, 3)));
    models.put("residual block", block(x -> ResidualBlock.residualBlock(x, 64, 1)));
    models.put("residual block with stride", block(x -> ResidualBlock.residualBlock(x, 128, 2)));
    models.put(
        "residual block of 128 filters and kernel 5",
        block(x -> ResidualBlock.residualBlock(x, 128, 5, 1)));
    models.put("post-activation block", block(x -> ActivationOrders.postActivationBlock(x, 64)));
    models.put("pre-activation block", block(x -> ActivationOrders.preActivationBlock(x, 64)));
    models.put("ResNet-18", ResNet18.resNet18(1000, 224, 224, 3));
    models.put("plain network", Comparison.plain18(1000, 224, 224, 3));
    models.put("flexible ResNet at 224", FlexibleResNet.flexibleResNet(1000, 224, 224, 3));
    models.put("flexible ResNet at 299", FlexibleResNet.flexibleResNet(1000, 299, 299, 3));
    models.put("flexible ResNet at 32", FlexibleResNet.flexibleResNet(10, 32, 32, 3));
    models.put("object detection", ObjectDetection.detectionModel(80, 9));
    models.put("segmentation", Segmentation.uNet(21, 256, 256, 3));
    return ImmutableMap.copyOf(models);
  }

  private static Model block(UnaryOperator<Node> block) {
    Node x = input(56, 56, 64);
    return Model.of(x, block.apply(x));
  }

  static Stream<String> names() {
    return KERAS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aProgramDescribesWhatThePythonDoes(String name) {
    assertEquals(KERAS.get(name), SlideNetwork.of(program(name)));
  }

  @Test
  void noProgramIsLeftOut() {
    assertEquals(KERAS.keySet().asList(), PROGRAMS.keySet().asList());
  }

  @Test
  void theProgramsPrintTheSummariesOfTheirNetworks() {
    assertEquals(summary("identity block"), Printed.by(IdentityBlock::main));
    assertEquals(summary("residual block with stride"), Printed.by(ResidualBlock::main));
    assertEquals(
        summary("post-activation block") + summary("pre-activation block"),
        Printed.by(ActivationOrders::main));
    assertEquals(summary("ResNet-18"), Printed.by(ResNet18::main));
    assertEquals(summary("object detection"), Printed.by(ObjectDetection::main));
    assertEquals(summary("segmentation"), Printed.by(Segmentation::main));
    assertTrue(summary("ResNet-18").contains(" Total params: 11,703,912 "));
  }

  private static String summary(String name) {
    return program(name).summary() + "\n";
  }

  private static Model program(String name) {
    return Objects.requireNonNull(PROGRAMS.get(name), name);
  }

  private static long weights(String name) {
    return Objects.requireNonNull(KERAS.get(name), name).total();
  }

  @Test
  void theFlexibleNetworkHasAsManyWeightsAtEverySize() {
    assertEquals(
        """
        %d weights at 224 x 224
        %d weights at 299 x 299
        %d weights at 32 x 32
        """
            .formatted(
                weights("flexible ResNet at 224"),
                weights("flexible ResNet at 299"),
                weights("flexible ResNet at 32")),
        Printed.by(FlexibleResNet::main));
  }
}
