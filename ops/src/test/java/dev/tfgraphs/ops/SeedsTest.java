package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer takes a seed from the trainer exactly where Keras's constructor draws one. */
class SeedsTest {
  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of("dropout", dropout(0.5), true),
        Arguments.of("dropout of nothing", dropout(0), false),
        Arguments.of("dropout with a seed", dropout(0.5).seed(3), false),
        Arguments.of("spatial dropout", spatialDropout2D(1), true),
        Arguments.of("spatial dropout of nothing", spatialDropout2D(0), false),
        Arguments.of("spatial dropout with a seed", spatialDropout2D(0.5).seed(3), false),
        Arguments.of("noise", gaussianNoise(0.1), true),
        Arguments.of("no noise", gaussianNoise(0), false),
        Arguments.of("noise with a seed", gaussianNoise(0.1).seed(0), false),
        Arguments.of("flip", randomFlip(), true),
        Arguments.of("flip with a seed", randomFlip().seed(-1), false),
        Arguments.of("rotation of nothing", randomRotation(0), true),
        Arguments.of("crop", randomCrop(4, 4), true),
        Arguments.of("crop with a seed", randomCrop(4, 4).seed(2), false),
        Arguments.of("erasing of nothing", randomErasing(0), true),
        Arguments.of("resizing", resizing(4, 4), false),
        Arguments.of("convolution", conv2D(4, 3), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void aSeedIsNeededWhereKerasDrawsOne(String name, Layer layer, boolean needed) {
    assertEquals(needed, layer.needsSeed(), name);
  }

  static Stream<Arguments> initializers() {
    return Stream.of(
        Arguments.of(Initializer.zeros(), false),
        Arguments.of(Initializer.constant(3), false),
        Arguments.of(Initializer.identity(1), false),
        Arguments.of(Initializer.orthogonal(1), true),
        Arguments.of(Initializer.randomNormal(0, 1), true),
        Arguments.of(Initializer.randomUniform(0, 1), true),
        Arguments.of(Initializer.truncatedNormal(0, 1), true),
        Arguments.of(Initializer.heNormal(), true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("initializers")
  void anInitializerWithItsOwnSeedNeedsNone(Initializer initializer, boolean needed) {
    assertEquals(needed, initializer.needsSeed());
    assertEquals(false, initializer.seed(1).needsSeed());
  }
}
