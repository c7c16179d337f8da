package dev.tfgraphs.ops;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * The layer that a Keras config describes, made as a user makes it; initializers and regularizers
 * left out.
 */
final class KerasLayer {
  private final JsonObject config;

  private KerasLayer(JsonObject config) {
    this.config = config;
  }

  static Layer of(String className, JsonObject config) {
    KerasLayer layer = new KerasLayer(config);
    return switch (className) {
      case "Conv2D", "DepthwiseConv2D", "Conv2DTranspose" -> layer.convolution(className);
      case "Dense" ->
          Layers.dense(layer.integer("units"))
              .activation(layer.function())
              .useBias(layer.flag("use_bias"));
      case "BatchNormalization", "Normalization", "Rescaling" -> layer.normalization(className);
      case "Activation", "ReLU", "LeakyReLU", "Softmax" -> layer.activation(className);
      case "MaxPooling2D", "AveragePooling2D" -> layer.pooling(className);
      case "GlobalMaxPooling2D" -> Layers.globalMaxPooling2D().keepDims(layer.flag("keepdims"));
      case "GlobalAveragePooling2D" ->
          Layers.globalAveragePooling2D().keepDims(layer.flag("keepdims"));
      case "Dropout" -> Layers.dropout(layer.number("rate"));
      case "SpatialDropout2D" -> Layers.spatialDropout2D(layer.number("rate"));
      case "GaussianNoise" -> Layers.gaussianNoise(layer.number("stddev"));
      case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate" ->
          layer.merge(className);
      default -> layer.reshaping(className);
    };
  }

  private Layer convolution(String className) {
    Size window = size("kernel_size");
    Size strides = size("strides");
    Size rate = size("dilation_rate");
    return switch (className) {
      case "Conv2D" ->
          Layers.conv2D(integer("filters"), window.height(), window.width())
              .strides(strides.height(), strides.width())
              .padding(padding())
              .dilationRate(rate.height(), rate.width())
              .groups(integer("groups"))
              .activation(function())
              .useBias(flag("use_bias"));
      case "DepthwiseConv2D" ->
          Layers.depthwiseConv2D(window.height(), window.width())
              .depthMultiplier(integer("depth_multiplier"))
              .strides(strides.height(), strides.width())
              .padding(padding())
              .dilationRate(rate.height(), rate.width())
              .activation(function())
              .useBias(flag("use_bias"));
      default -> transposed(window, strides, rate);
    };
  }

  private Layer transposed(Size window, Size strides, Size rate) {
    Conv2DTranspose layer =
        Layers.conv2DTranspose(integer("filters"), window.height(), window.width())
            .strides(strides.height(), strides.width())
            .padding(padding())
            .dilationRate(rate.height(), rate.width())
            .activation(function())
            .useBias(flag("use_bias"));
    if (config.get("output_padding").isJsonNull()) {
      return layer;
    }
    Size added = size("output_padding");
    return layer.outputPadding(added.height(), added.width());
  }

  private Layer normalization(String className) {
    if (className.equals("Rescaling")) {
      return Layers.rescaling(number("scale")).offset(number("offset"));
    }
    if (className.equals("BatchNormalization")) {
      return Layers.batchNormalization()
          .axis(integer("axis"))
          .momentum(number("momentum"))
          .epsilon(number("epsilon"))
          .center(flag("center"))
          .scale(flag("scale"));
    }
    Normalization layer =
        config.get("mean").isJsonNull()
            ? Layers.normalization()
            : Layers.normalization(numbers("mean"), numbers("variance"));
    return layer.axis(integers("axis")).invert(flag("invert"));
  }

  private Layer activation(String className) {
    return switch (className) {
      case "ReLU" -> {
        ReLU layer =
            Layers.reLU().negativeSlope(number("negative_slope")).threshold(number("threshold"));
        yield config.get("max_value").isJsonNull() ? layer : layer.maxValue(number("max_value"));
      }
      case "LeakyReLU" -> Layers.leakyReLU().negativeSlope(number("negative_slope"));
      case "Softmax" -> Layers.softmax().axis(integer("axis"));
      default -> Layers.activation(function());
    };
  }

  private Layer pooling(String className) {
    Size window = size("pool_size");
    Size strides = size("strides");
    Pooling2D layer =
        className.equals("MaxPooling2D")
            ? Layers.maxPooling2D(window.height(), window.width())
            : Layers.averagePooling2D(window.height(), window.width());
    return layer.strides(strides.height(), strides.width()).padding(padding());
  }

  private Layer merge(String className) {
    Merge layer = Layers.merge(Merge.Kind.valueOf(Ascii.toUpperCase(className)));
    return config.has("axis") ? layer.axis(integer("axis")) : layer;
  }

  private Layer reshaping(String className) {
    return switch (className) {
      case "UpSampling2D" ->
          Layers.upSampling2D(size("size").height(), size("size").width())
              .interpolation(
                  Interpolation.valueOf(
                      Ascii.toUpperCase(config.get("interpolation").getAsString())));
      case "ZeroPadding2D" -> {
        int[] sides = sides("padding");
        yield Layers.zeroPadding2D(sides[0], sides[1], sides[2], sides[3]);
      }
      case "Cropping2D" -> {
        int[] sides = sides("cropping");
        yield Layers.cropping2D(sides[0], sides[1], sides[2], sides[3]);
      }
      case "Flatten" -> Layers.flatten();
      case "Reshape" -> Layers.reshape(integers("target_shape"));
      case "Permute" -> Layers.permute(integers("dims"));
      case "Flip" -> Layers.flip(integer("axis"));
      default -> KerasPreprocessing.of(className, config);
    };
  }

  private int integer(String key) {
    return config.get(key).getAsInt();
  }

  private double number(String key) {
    return config.get(key).getAsDouble();
  }

  private boolean flag(String key) {
    return config.get(key).getAsBoolean();
  }

  private double[] numbers(String key) {
    JsonElement value = config.get(key);
    return value.isJsonArray()
        ? value.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray()
        : new double[] {value.getAsDouble()};
  }

  private int[] integers(String key) {
    return config.getAsJsonArray(key).asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  private int[] sides(String key) {
    return config.getAsJsonArray(key).asList().stream()
        .flatMap(pair -> pair.getAsJsonArray().asList().stream())
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }

  private Size size(String key) {
    int[] sizes = integers(key);
    return new Size(sizes[0], sizes[1]);
  }

  private Padding padding() {
    return Padding.valueOf(Ascii.toUpperCase(config.get("padding").getAsString()));
  }

  private ActivationFunction function() {
    return ActivationFunction.valueOf(Ascii.toUpperCase(config.get("activation").getAsString()));
  }
}
