package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "Conv2D, conv2d",
    "Conv2DTranspose, conv2d_transpose",
    "DepthwiseConv2D, depthwise_conv2d",
    "ReLU, re_lu",
    "LeakyReLU, leaky_re_lu",
    "InputLayer, input_layer",
    "GlobalAveragePooling2D, global_average_pooling2d",
    "UpSampling2D, up_sampling2d",
    "ZeroPadding2D, zero_padding2d",
    "SpatialDropout2D, spatial_dropout2d",
    "Functional, functional",
    "MyResNetBlock, my_res_net_block"
  })
  void classNamesBecomeLayerNamesAsInKeras(String className, String name) {
    assertEquals(name, Names.snakeCase(className));
  }

  @Test
  void aLayerKnowsWhatItIsCalledWithoutAName() {
    assertEquals("up_sampling2d", Layers.upSampling2D(2).name("up").automaticName());
  }

  @Test
  void nearNamesAreTheNearestThree() {
    List<String> names = List.of("conv1_conv", "conv1_bn", "conv2_conv", "conv3_conv", "pool");
    assertEquals("; near: conv1_conv, conv1_bn, conv2_conv", Near.hint("conv1_con", names));
    assertEquals("; near: pool", Near.hint("poll", names));
    assertEquals("; there are conv1_conv", Near.hint("x", List.of("conv1_conv")));
  }
}
