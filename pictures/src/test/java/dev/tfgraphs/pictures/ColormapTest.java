package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ColormapTest {
  private static List<JsonElement> matplotlib() throws IOException {
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(ColormapTest.class.getResourceAsStream("golden/colormaps.json")),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject().getAsJsonArray("maps").asList();
    }
  }

  /** Written by conformance/makers/colormaps.py. */
  @Test
  void colours_are_matplotlibs() throws IOException {
    List<JsonElement> maps = matplotlib();
    assertEquals(
        Arrays.stream(Colormap.values()).map(Colormap::toString).toList(),
        maps.stream().map(map -> map.getAsJsonObject().get("name").getAsString()).toList());
    List<Colormap> ours = List.of(Colormap.values());
    for (int i = 0; i < maps.size(); i++) {
      JsonObject map = maps.get(i).getAsJsonObject();
      JsonArray values = map.getAsJsonArray("values");
      assertTrue(values.size() > 20);
      for (int j = 0; j < values.size(); j++) {
        int[] rgb =
            map.getAsJsonArray("rgb").get(j).getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
        String value = values.get(j).getAsString().replace("inf", "Infinity");
        assertEquals(
            (rgb[0] << 16) | (rgb[1] << 8) | rgb[2],
            ours.get(i).rgb(Double.parseDouble(value)),
            map.get("name") + " of " + value);
      }
    }
  }

  @Test
  void what_is_not_a_number_is_grey_and_in_no_map() {
    for (Colormap map : Colormap.values()) {
      assertEquals(0xb0b0b0, map.rgb(Double.NaN));
    }
  }

  @Test
  void all_but_the_signed_one_rise_in_lightness() {
    for (Colormap map : Colormap.values()) {
      boolean rises = true;
      for (int i = 1; i < 256; i++) {
        rises &= lightness(map.rgb(i / 256.0)) > lightness(map.rgb((i - 1) / 256.0)) - 0.6;
      }
      assertEquals(!map.signed(), rises, map.toString());
    }
  }

  private static double lightness(int rgb) {
    return 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
  }
}
