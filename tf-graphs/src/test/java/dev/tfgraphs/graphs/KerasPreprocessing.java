package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.FillMode;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.RandomErasing;
import dev.tfgraphs.ops.RandomFlip;
import dev.tfgraphs.ops.RandomImageLayer;
import dev.tfgraphs.ops.RandomWarp;
import dev.tfgraphs.ops.RandomZoom;
import dev.tfgraphs.ops.Range;

/** The preprocessing layer that a Keras config describes, made as a user makes it. */
final class KerasPreprocessing {
  private final JsonObject config;

  private KerasPreprocessing(JsonObject config) {
    this.config = config;
  }

  static Layer of(String className, JsonObject config) {
    KerasPreprocessing layer = new KerasPreprocessing(config);
    return switch (className) {
      case "Resizing" ->
          Layers.resizing(layer.integer("height"), layer.integer("width"))
              .interpolation(layer.interpolation())
              .antialias(layer.flag("antialias"))
              .cropToAspectRatio(layer.flag("crop_to_aspect_ratio"))
              .padToAspectRatio(layer.flag("pad_to_aspect_ratio"))
              .fillValue(layer.number("fill_value"));
      case "CenterCrop" -> Layers.centerCrop(layer.integer("height"), layer.integer("width"));
      default -> layer.seeded(layer.random(className));
    };
  }

  private RandomImageLayer<?> random(String className) {
    return switch (className) {
      case "RandomCrop" -> Layers.randomCrop(integer("height"), integer("width"));
      case "RandomFlip" ->
          Layers.randomFlip(RandomFlip.Mode.valueOf(Ascii.toUpperCase(text("mode"))));
      case "RandomContrast" -> {
        Range values = range("value_range");
        yield Layers.randomContrast(range("factor")).valueRange(values.lower(), values.upper());
      }
      case "RandomBrightness" -> {
        Range values = range("value_range");
        yield Layers.randomBrightness(range("factor")).valueRange(values.lower(), values.upper());
      }
      case "RandomErasing" -> erasing();
      case "RandomRotation" -> warp(Layers.randomRotation(range("factor")));
      case "RandomTranslation" ->
          warp(Layers.randomTranslation(factor("height_factor"), factor("width_factor")));
      case "RandomZoom" -> warp(zoom());
      default -> throw new IllegalArgumentException("no such layer here: " + className);
    };
  }

  private Layer seeded(RandomImageLayer<?> layer) {
    JsonElement seed = config.get("seed");
    return seed.isJsonNull() ? layer : layer.seed(seed.getAsLong());
  }

  private RandomErasing erasing() {
    Range scale = range("scale");
    Range values = range("value_range");
    RandomErasing layer =
        Layers.randomErasing(range("factor"))
            .scale(scale.lower(), scale.upper())
            .valueRange(values.lower(), values.upper());
    JsonElement fill = config.get("fill_value");
    if (fill.isJsonNull()) {
      return layer;
    }
    return layer.fillValue(
        fill.isJsonArray()
            ? fill.getAsJsonArray().asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray()
            : new double[] {fill.getAsDouble()});
  }

  private RandomZoom zoom() {
    boolean both = !config.get("width_factor").isJsonNull();
    if (config.get("height_factor").isJsonArray()) {
      return both
          ? Layers.randomZoom(range("height_factor"), range("width_factor"))
          : Layers.randomZoom(range("height_factor"));
    }
    return both
        ? Layers.randomZoom(number("height_factor"), number("width_factor"))
        : Layers.randomZoom(number("height_factor"));
  }

  private RandomWarp<?> warp(RandomWarp<?> layer) {
    return layer
        .fillMode(FillMode.valueOf(Ascii.toUpperCase(text("fill_mode"))))
        .fillValue(number("fill_value"))
        .interpolation(interpolation());
  }

  private Interpolation interpolation() {
    return Interpolation.valueOf(Ascii.toUpperCase(text("interpolation")));
  }

  /** One number is a range about 0. */
  private Range factor(String key) {
    return config.get(key).isJsonArray()
        ? range(key)
        : Range.of(-Math.abs(number(key)), Math.abs(number(key)));
  }

  private Range range(String key) {
    var bounds = config.getAsJsonArray(key);
    return Range.of(bounds.get(0).getAsDouble(), bounds.get(1).getAsDouble());
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
}
