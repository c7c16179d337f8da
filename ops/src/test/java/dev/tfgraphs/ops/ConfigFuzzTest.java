package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is changed in a config, it is read, or refused with a message; nothing else happens. */
class ConfigFuzzTest {
  private static final int ROUNDS = 400;

  private static final Pattern SAYS = Pattern.compile("expect|must");

  private static final List<@Nullable Object> OTHERS =
      Arrays.asList(
          null,
          true,
          0L,
          -1L,
          7L,
          Long.MAX_VALUE,
          0.5,
          Double.NaN,
          -1e300,
          "",
          "relu",
          "a/b",
          List.of(),
          List.of(1L),
          Map.of(),
          Map.of("class_name", "Dense"));

  static Stream<Named<JsonObject>> models() {
    return Stream.concat(ConfigsTest.models(), ConfigsTest.oldModels());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void changedConfigsAreReadOrRefusedInWords(JsonObject row) {
    Map<String, Object> object = Fixture.map(row.getAsJsonObject("object"));
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Object changed = changed(object, random, 1 + random.nextInt(3));
      try {
        assertNotNull(Model.fromConfig(Config.ofObject("model", asMap(changed))).config());
      } catch (ModelException e) {
        refused++;
        assertTrue(SAYS.matcher(String.valueOf(e.getMessage())).find(), e::getMessage);
      }
    }
    assertTrue(refused > ROUNDS / 4, refused + " refused");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(@Nullable Object value) {
    return value instanceof Map ? (Map<String, Object>) value : new LinkedHashMap<>();
  }

  private static @Nullable Object changed(@Nullable Object value, Random random, int changes) {
    @Nullable Object result = value;
    for (int i = 0; i < changes; i++) {
      result = changed(result, random);
    }
    return result;
  }

  /** A copy in which one value, somewhere, is another one, gone, or there twice. */
  private static @Nullable Object changed(@Nullable Object value, Random random) {
    boolean here = random.nextInt(12) == 0;
    if (!here && value instanceof Map<?, ?> map && !map.isEmpty()) {
      return changed(map, random.nextInt(map.size()), random);
    }
    if (!here && value instanceof List<?> list && !list.isEmpty()) {
      return changed(list, random.nextInt(list.size()), random);
    }
    return OTHERS.get(random.nextInt(OTHERS.size()));
  }

  private static Object changed(Map<?, ? extends @Nullable Object> map, int at, Random random) {
    Map<Object, @Nullable Object> copy = new LinkedHashMap<>(map);
    Object key = new ArrayList<>(map.keySet()).get(at);
    switch (random.nextInt(10)) {
      case 0 -> copy.remove(key);
      case 1 -> copy.put("another", copy.get(key));
      default -> copy.put(key, changed(copy.get(key), random));
    }
    return copy;
  }

  private static Object changed(List<? extends @Nullable Object> list, int at, Random random) {
    List<@Nullable Object> copy = new ArrayList<>(list);
    switch (random.nextInt(10)) {
      case 0 -> copy.remove(at);
      case 1 -> copy.add(copy.get(at));
      default -> copy.set(at, changed(copy.get(at), random));
    }
    return copy;
  }
}
