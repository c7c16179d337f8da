package dev.tfgraphs.pictures;

import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a diagram says of a layer: its class and the settings that readers ask for first. */
final class LayerWords {
  /** What a diagram shows elsewhere, or what says nothing of what the layer computes. */
  private static final Set<String> UNSAID =
      Set.of("name", "dtype", "trainable", "data_format", "batch_shape", "sparse", "ragged");

  private LayerWords() {}

  /** Such as {@code Conv2D 3×3, 64, strides 2, relu}. */
  static String line(Layer layer) {
    Map<String, @Nullable Object> settings = settings(layer);
    List<String> said = new ArrayList<>();
    sides(settings.get("kernel_size")).ifPresent(said::add);
    sides(settings.get("pool_size")).ifPresent(said::add);
    sides(settings.get("size")).ifPresent(said::add);
    for (String key : List.of("filters", "units", "rate", "target_shape", "padding")) {
      Object value = settings.get(key);
      if (value != null && !(key.equals("padding") && value instanceof String)) {
        said.add(plain(value));
      }
    }
    strides(settings).ifPresent(said::add);
    if (settings.get("activation") instanceof String activation && !activation.equals("linear")) {
      said.add(activation);
    }
    return said.isEmpty() ? layer.className() : layer.className() + " " + String.join(", ", said);
  }

  /** All settings, one a line, for who asks for them. */
  static List<String> settingLines(Layer layer) {
    List<String> lines = new ArrayList<>();
    settings(layer)
        .forEach(
            (key, value) -> {
              if (value != null && !UNSAID.contains(key)) {
                lines.add(key + ": " + plain(value));
              }
            });
    return lines;
  }

  private static Map<String, @Nullable Object> settings(Layer layer) {
    try {
      return layer.config().settings();
    } catch (ModelException e) {
      // Keras has no words for layers of one's own, nor for some of ours
      return Map.of();
    }
  }

  /** {@code 3×3} of {@code [3, 3]}. */
  private static Optional<String> sides(@Nullable Object value) {
    return value instanceof List<?> sides
        ? Optional.of(sides.stream().map(String::valueOf).collect(Collectors.joining("\u00d7")))
        : Optional.empty();
  }

  private static Optional<String> strides(Map<String, @Nullable Object> settings) {
    if (!(settings.get("strides") instanceof List<?> strides)
        || strides.equals(settings.get("pool_size"))
        || strides.stream().allMatch(stride -> stride.equals(1L))) {
      return Optional.empty();
    }
    boolean square = strides.stream().distinct().count() == 1;
    return square
        ? Optional.of("strides " + strides.get(0))
        : sides(strides).map(said -> "strides " + said);
  }

  /** A value as Python writes it; of an object its class alone. */
  private static String plain(@Nullable Object value) {
    if (value instanceof Map<?, ?> object) {
      return object.get("class_name") instanceof String name ? name : object.toString();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(LayerWords::plain).collect(Collectors.joining(", ", "(", ")"));
    }
    if (value instanceof Boolean flag) {
      return flag ? "True" : "False";
    }
    return value == null ? "None" : value.toString();
  }
}
