package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Constraint;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.DepthwiseConv2D;
import dev.tfgraphs.ops.Dropout;
import dev.tfgraphs.ops.GaussianNoise;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Initializer.Fan;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Pooling2D;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.Regularizer;
import dev.tfgraphs.ops.Regularizer.Vectors;
import dev.tfgraphs.ops.SpatialDropout2D;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;

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
      case "Dense" -> config.fullyConnected();
      case "BatchNormalization", "Normalization", "Rescaling" -> config.normalization(className);
      case "Activation", "ReLU", "LeakyReLU", "Softmax" -> config.activation(className);
      case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate" ->
          config.merge(className);
      case "MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D" ->
          config.pooling(className);
      case "Dropout", "SpatialDropout2D", "GaussianNoise" -> config.noise(className);
      case "RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom" ->
          KerasPreprocessing.of(className, config.config);
      default -> config.reshaping(className);
    };
  }

  /** The regularizer of a row with {@code class_name} and {@code config}. */
  static Regularizer regularizer(JsonObject row) {
    KerasConfig config = new KerasConfig(row.getAsJsonObject("config"));
    return switch (row.get("class_name").getAsString()) {
      case "L1" -> Regularizer.l1(config.number("l1"));
      case "L2" -> Regularizer.l2(config.number("l2"));
      case "L1L2" -> Regularizer.l1l2(config.number("l1"), config.number("l2"));
      default ->
          Regularizer.orthogonal(
              config.number("factor"), Vectors.valueOf(Ascii.toUpperCase(config.text("mode"))));
    };
  }

  /** The constraint of a row with {@code class_name} and {@code config}. */
  static Constraint constraint(JsonObject row) {
    KerasConfig config = new KerasConfig(row.getAsJsonObject("config"));
    return switch (row.get("class_name").getAsString()) {
      case "NonNeg" -> Constraint.nonNeg();
      case "UnitNorm" -> Constraint.unitNorm(config.axes());
      case "MaxNorm" -> Constraint.maxNorm(config.number("max_value"), config.axes());
      default ->
          Constraint.minMaxNorm(
              config.number("min_value"),
              config.number("max_value"),
              config.number("rate"),
              config.axes());
    };
  }

  private int[] axes() {
    return config.get("axis").isJsonArray()
        ? integers("axis")
        : new int[] {config.get("axis").getAsInt()};
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
      case "Identity" -> Initializer.identity(number("gain"));
      case "Orthogonal" -> Initializer.orthogonal(number("gain"));
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

  private boolean has(String key) {
    return config.has(key) && !config.get(key).isJsonNull();
  }

  private Layer noise(String className) {
    OptionalLong seed =
        has("seed") ? OptionalLong.of(config.get("seed").getAsLong()) : OptionalLong.empty();
    return switch (className) {
      case "Dropout" -> {
        Dropout layer = dropout(number("rate"));
        yield seed.isPresent() ? layer.seed(seed.getAsLong()) : layer;
      }
      case "SpatialDropout2D" -> {
        SpatialDropout2D layer = spatialDropout2D(number("rate"));
        yield seed.isPresent() ? layer.seed(seed.getAsLong()) : layer;
      }
      default -> {
        GaussianNoise layer = gaussianNoise(number("stddev"));
        yield seed.isPresent() ? layer.seed(seed.getAsLong()) : layer;
      }
    };
  }

  private Layer convolution() {
    int[] window = integers("kernel_size");
    Conv2D layer =
        conv2D(integer("filters"), window[0], window[1])
            .strides(integers("strides")[0], integers("strides")[1])
            .padding(padding())
            .dilationRate(integers("dilation_rate")[0], integers("dilation_rate")[1])
            .groups(integer("groups"))
            .activation(function())
            .useBias(flag("use_bias"));
    layer =
        set(
            layer,
            "kernel",
            Conv2D::kernelInitializer,
            Conv2D::kernelRegularizer,
            Conv2D::kernelConstraint);
    layer =
        set(
            layer,
            "bias",
            Conv2D::biasInitializer,
            Conv2D::biasRegularizer,
            Conv2D::biasConstraint);
    return given(
        "activity_regularizer", KerasConfig::regularizer, layer, Conv2D::activityRegularizer);
  }

  private Layer fullyConnected() {
    Dense layer = dense(integer("units")).activation(function()).useBias(flag("use_bias"));
    layer =
        set(
            layer,
            "kernel",
            Dense::kernelInitializer,
            Dense::kernelRegularizer,
            Dense::kernelConstraint);
    layer =
        set(layer, "bias", Dense::biasInitializer, Dense::biasRegularizer, Dense::biasConstraint);
    return given(
        "activity_regularizer", KerasConfig::regularizer, layer, Dense::activityRegularizer);
  }

  /** The layer with what the config says of one of its weights. */
  private <L extends Layer> L set(
      L layer,
      String weight,
      BiFunction<L, Initializer, L> initialized,
      BiFunction<L, Regularizer, L> regularized,
      BiFunction<L, Constraint, L> constrained) {
    L started = given(weight + "_initializer", KerasConfig::initializer, layer, initialized);
    L penalized = given(weight + "_regularizer", KerasConfig::regularizer, started, regularized);
    return given(weight + "_constraint", KerasConfig::constraint, penalized, constrained);
  }

  private <L extends Layer, S> L given(
      String key, Function<JsonObject, S> read, L layer, BiFunction<L, S, L> setting) {
    return config.get(key) instanceof JsonObject row
        ? setting.apply(layer, read.apply(row))
        : layer;
  }

  private Layer depthwise() {
    int[] window = integers("kernel_size");
    DepthwiseConv2D layer =
        depthwiseConv2D(window[0], window[1])
            .depthMultiplier(integer("depth_multiplier"))
            .strides(integers("strides")[0], integers("strides")[1])
            .padding(padding())
            .dilationRate(integers("dilation_rate")[0], integers("dilation_rate")[1])
            .activation(function())
            .useBias(flag("use_bias"));
    layer =
        set(
            layer,
            "depthwise",
            DepthwiseConv2D::depthwiseInitializer,
            DepthwiseConv2D::depthwiseRegularizer,
            DepthwiseConv2D::depthwiseConstraint);
    layer =
        set(
            layer,
            "bias",
            DepthwiseConv2D::biasInitializer,
            DepthwiseConv2D::biasRegularizer,
            DepthwiseConv2D::biasConstraint);
    return given(
        "activity_regularizer",
        KerasConfig::regularizer,
        layer,
        DepthwiseConv2D::activityRegularizer);
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
    layer =
        set(
            layer,
            "kernel",
            Conv2DTranspose::kernelInitializer,
            Conv2DTranspose::kernelRegularizer,
            Conv2DTranspose::kernelConstraint);
    layer =
        set(
            layer,
            "bias",
            Conv2DTranspose::biasInitializer,
            Conv2DTranspose::biasRegularizer,
            Conv2DTranspose::biasConstraint);
    layer =
        given(
            "activity_regularizer",
            KerasConfig::regularizer,
            layer,
            Conv2DTranspose::activityRegularizer);
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
      return batchNormalized();
    }
    Normalization layer =
        config.get("mean").isJsonNull()
            ? dev.tfgraphs.ops.Layers.normalization()
            : dev.tfgraphs.ops.Layers.normalization(numbers("mean"), numbers("variance"));
    return layer.axis(integers("axis")).invert(flag("invert"));
  }

  private Layer batchNormalized() {
    BatchNormalization layer =
        batchNormalization()
            .axis(integer("axis"))
            .momentum(number("momentum"))
            .epsilon(number("epsilon"))
            .center(flag("center"))
            .scale(flag("scale"));
    layer =
        set(
            layer,
            "beta",
            BatchNormalization::betaInitializer,
            BatchNormalization::betaRegularizer,
            BatchNormalization::betaConstraint);
    layer =
        set(
            layer,
            "gamma",
            BatchNormalization::gammaInitializer,
            BatchNormalization::gammaRegularizer,
            BatchNormalization::gammaConstraint);
    layer =
        given(
            "moving_mean_initializer",
            KerasConfig::initializer,
            layer,
            BatchNormalization::movingMeanInitializer);
    return given(
        "moving_variance_initializer",
        KerasConfig::initializer,
        layer,
        BatchNormalization::movingVarianceInitializer);
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
              .interpolation(Interpolation.valueOf(Ascii.toUpperCase(text("interpolation"))));
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
      case "Flip" -> flip(integer("axis"));
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
