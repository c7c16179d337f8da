package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.Fan;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Pooling2D;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.UpSampling2D;

/** What a Keras config describes, made as a user makes it. */
final class KerasConfig {
  private final JsonObject config;

  private KerasConfig(JsonObject config) {
    this.config = config;
  }

  /** The layer of a row with {@code class_name} and {@code config}. */
  static Layer layer(JsonObject row) {
    KerasConfig config = new KerasConfig(row.getAsJsonObject("config"));
    String className = row.get("class_name").getAsString();
    return switch (className) {
      case "Conv2D" -> config.convolution();
      case "DepthwiseConv2D" -> config.depthwise();
      case "Conv2DTranspose" -> config.transposed();
      case "Dense" ->
          dense(config.integer("units"))
              .activation(config.function())
              .useBias(config.flag("use_bias"));
      case "BatchNormalization", "Normalization", "Rescaling" -> config.normalization(className);
      case "Activation", "ReLU", "LeakyReLU", "Softmax" -> config.activation(className);
      case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate" ->
          config.merge(className);
      case "MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D" ->
          config.pooling(className);
      case "Dropout" -> dropout(config.number("rate"));
      case "SpatialDropout2D" -> spatialDropout2D(config.number("rate"));
      case "GaussianNoise" -> gaussianNoise(config.number("stddev"));
      default -> config.reshaping(className);
    };
  }

  /** The initializer of a row with {@code class_name} and {@code config}. */
  static Initializer initializer(JsonObject row) {
    KerasConfig config = new KerasConfig(row.getAsJsonObject("config"));
    Initializer initializer = config.initializer(row.get("class_name").getAsString());
    JsonElement seed = config.config.get("seed");
    return seed == null || seed.isJsonNull() ? initializer : initializer.seed(seed.getAsLong());
  }

  private Initializer initializer(String className) {
    return switch (className) {
      case "Zeros" -> Initializer.zeros();
      case "Ones" -> Initializer.ones();
      case "Constant" -> Initializer.constant(number("value"));
      case "RandomNormal" -> Initializer.randomNormal(number("mean"), number("stddev"));
      case "TruncatedNormal" -> Initializer.truncatedNormal(number("mean"), number("stddev"));
      case "RandomUniform" -> Initializer.randomUniform(number("minval"), number("maxval"));
      case "GlorotUniform" -> Initializer.glorotUniform();
      case "GlorotNormal" -> Initializer.glorotNormal();
      case "HeUniform" -> Initializer.heUniform();
      case "HeNormal" -> Initializer.heNormal();
      case "LecunUniform" -> Initializer.lecunUniform();
      case "LecunNormal" -> Initializer.lecunNormal();
      case "VarianceScaling" -> Initializer.varianceScaling(number("scale"), fan(), distribution());
      default -> throw new IllegalArgumentException("no such initializer here: " + className);
    };
  }

  private Fan fan() {
    return switch (text("mode")) {
      case "fan_in" -> Fan.IN;
      case "fan_out" -> Fan.OUT;
      default -> Fan.AVERAGE;
    };
  }

  private Distribution distribution() {
    return Distribution.valueOf(Ascii.toUpperCase(text("distribution")));
  }

  private Layer convolution() {
    int[] window = integers("kernel_size");
    return conv2D(integer("filters"), window[0], window[1])
        .strides(integers("strides")[0], integers("strides")[1])
        .padding(padding())
        .dilationRate(integers("dilation_rate")[0], integers("dilation_rate")[1])
        .groups(integer("groups"))
        .activation(function())
        .useBias(flag("use_bias"));
  }

  private Layer depthwise() {
    int[] window = integers("kernel_size");
    return depthwiseConv2D(window[0], window[1])
        .depthMultiplier(integer("depth_multiplier"))
        .strides(integers("strides")[0], integers("strides")[1])
        .padding(padding())
        .dilationRate(integers("dilation_rate")[0], integers("dilation_rate")[1])
        .activation(function())
        .useBias(flag("use_bias"));
  }

  private Layer transposed() {
    int[] window = integers("kernel_size");
    Conv2DTranspose layer =
        conv2DTranspose(integer("filters"), window[0], window[1])
            .strides(integers("strides")[0], integers("strides")[1])
            .padding(padding())
            .dilationRate(integers("dilation_rate")[0], integers("dilation_rate")[1])
            .activation(function())
            .useBias(flag("use_bias"));
    if (config.get("output_padding").isJsonNull()) {
      return layer;
    }
    int[] added = integers("output_padding");
    return layer.outputPadding(added[0], added[1]);
  }

  private Layer normalization(String className) {
    if (className.equals("Rescaling")) {
      return rescaling(number("scale")).offset(number("offset"));
    }
    if (className.equals("BatchNormalization")) {
      return batchNormalization()
          .axis(integer("axis"))
          .momentum(number("momentum"))
          .epsilon(number("epsilon"))
          .center(flag("center"))
          .scale(flag("scale"));
    }
    Normalization layer =
        dev.tfgraphs.ops.Layers.normalization(numbers("mean"), numbers("variance"));
    int[] axes = integers("axis");
    return (axes.length == 0 ? layer : layer.axis(axes[0])).invert(flag("invert"));
  }

  private Layer activation(String className) {
    return switch (className) {
      case "ReLU" -> {
        ReLU layer = reLU().negativeSlope(number("negative_slope")).threshold(number("threshold"));
        yield config.get("max_value").isJsonNull() ? layer : layer.maxValue(number("max_value"));
      }
      case "LeakyReLU" -> leakyReLU().negativeSlope(number("negative_slope"));
      case "Softmax" -> softmax().axis(integer("axis"));
      default -> dev.tfgraphs.ops.Layers.activation(function());
    };
  }

  private Layer pooling(String className) {
    if (className.startsWith("Global")) {
      return (className.contains("Max") ? globalMaxPooling2D() : globalAveragePooling2D())
          .keepDims(flag("keepdims"));
    }
    int[] window = integers("pool_size");
    Pooling2D layer =
        className.startsWith("Max")
            ? maxPooling2D(window[0], window[1])
            : averagePooling2D(window[0], window[1]);
    return layer.strides(integers("strides")[0], integers("strides")[1]).padding(padding());
  }

  private Layer merge(String className) {
    Merge layer = dev.tfgraphs.ops.Layers.merge(Merge.Kind.valueOf(Ascii.toUpperCase(className)));
    return config.has("axis") ? layer.axis(integer("axis")) : layer;
  }

  private Layer reshaping(String className) {
    return switch (className) {
      case "UpSampling2D" ->
          upSampling2D(integers("size")[0], integers("size")[1])
              .interpolation(
                  UpSampling2D.Interpolation.valueOf(Ascii.toUpperCase(text("interpolation"))));
      case "ZeroPadding2D" -> {
        int[] sides = sides("padding");
        yield zeroPadding2D(sides[0], sides[1], sides[2], sides[3]);
      }
      case "Cropping2D" -> {
        int[] sides = sides("cropping");
        yield cropping2D(sides[0], sides[1], sides[2], sides[3]);
      }
      case "Flatten" -> flatten();
      case "Reshape" -> reshape(integers("target_shape"));
      case "Permute" -> permute(integers("dims"));
      default -> throw new IllegalArgumentException("no such layer here: " + className);
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

  private String text(String key) {
    return config.get(key).getAsString();
  }

  private double[] numbers(String key) {
    JsonElement value = config.get(key);
    return value.isJsonArray()
        ? value.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray()
        : new double[] {value.getAsDouble()};
  }

  private int[] integers(String key) {
    return Golden.integers(config.get(key));
  }

  private int[] sides(String key) {
    return config.getAsJsonArray(key).asList().stream()
        .flatMap(pair -> pair.getAsJsonArray().asList().stream())
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }

  private Padding padding() {
    return Padding.valueOf(Ascii.toUpperCase(text("padding")));
  }

  private ActivationFunction function() {
    return ActivationFunction.valueOf(Ascii.toUpperCase(text("activation")));
  }
}
