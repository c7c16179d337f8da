package dev.tfgraphs.examples.slides;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network of the slides as Keras has it, or as a program describes it (conformance/makers/
 * slides.py).
 *
 * @param layers name, class, shape and number of weights of each
 */
record SlideNetwork(
    long total, long trainable, ImmutableList<String> outputs, ImmutableList<String> layers) {
  private static final Path FILE =
      Path.of("src/test/resources/dev/tfgraphs/examples/slides/networks.json");

  /** Keras's, by name. */
  static ImmutableMap<String, SlideNetwork> ofKeras() {
    try {
      JsonArray rows =
          JsonParser.parseString(Files.readString(FILE)).getAsJsonObject().getAsJsonArray("models");
      return ImmutableMap.copyOf(
          Maps.transformValues(
              Maps.uniqueIndex(
                  rows.asList(), row -> row.getAsJsonObject().get("name").getAsString()),
              row -> of(row.getAsJsonObject())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SlideNetwork of(JsonObject row) {
    JsonObject counts = row.getAsJsonObject("counts");
    return new SlideNetwork(
        counts.get("total").getAsLong(),
        counts.get("trainable").getAsLong(),
        strings(row.getAsJsonArray("outputs")),
        strings(row.getAsJsonArray("layers")));
  }

  private static ImmutableList<String> strings(JsonArray array) {
    return array.asList().stream()
        .map(JsonElement::getAsString)
        .collect(ImmutableList.toImmutableList());
  }

  /** What a program describes. */
  static SlideNetwork of(Model model) {
    return new SlideNetwork(
        model.parameters(),
        model.weights().stream()
            .filter(Weight::trainable)
            .mapToLong(weight -> weight.spec().shape().elements())
            .sum(),
        model.outputs().stream()
            .map(output -> model.nameOf(output.layer()))
            .collect(ImmutableList.toImmutableList()),
        model.layers().stream()
            .map(layer -> line(model, layer))
            .collect(ImmutableList.toImmutableList()));
  }

  private static String line(Model model, Layer layer) {
    String name = model.nameOf(layer);
    Node made = model.output(name);
    long weights =
        made.call().weights().stream().mapToLong(weight -> weight.shape().elements()).sum();
    return "%s %s %s %d".formatted(name, layer.className(), made.shape(), weights);
  }
}
