package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PythonRandomTest {
  /** Draws 625 and 626 come from the generator's second block. */
  private static final int SKIPPED = 618;

  private static List<JsonObject> rows() {
    return Golden.rows(Golden.file("initial_weights.json").get("draws"));
  }

  private static boolean isLong(JsonObject row) {
    return new BigInteger(row.get("seed").getAsString()).bitLength() < Long.SIZE;
  }

  static Stream<JsonObject> seeds() {
    return rows().stream().filter(PythonRandomTest::isLong);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void drawsWhatPythonDraws(JsonObject row) {
    PythonRandom random = new PythonRandom(row.get("seed").getAsLong());
    int[] expected = Golden.integers(row.get("draws"));
    int[] actual = new int[8];
    for (int i = 0; i < actual.length; i++) {
      for (int skipped = 0; i == 6 && skipped < SKIPPED; skipped++) {
        random.nextSeed();
      }
      actual[i] = random.nextSeed();
    }
    assertEquals(List.of(box(expected)), List.of(box(actual)));
  }

  private static List<Integer> box(int... values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  @Test
  void onlySeedsThatAreNoLongAreLeftOut() {
    assertEquals(
        List.of("1180591620717411303427"),
        rows().stream()
            .filter(row -> !isLong(row))
            .map(row -> row.get("seed").getAsString())
            .toList());
    assertEquals(8, seeds().count());
  }
}
