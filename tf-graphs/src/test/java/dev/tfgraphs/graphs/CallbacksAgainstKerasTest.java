package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.primitives.Ints;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callbacks that are told the same numbers do what Keras's do. */
class CallbacksAgainstKerasTest {
  @TempDir private Path folder;

  static Stream<Named<JsonObject>> cases() {
    return Golden.named("callbacks.json", "cases");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void epochsRatesFilesAndWeightsAreThoseOfKeras(JsonObject one) throws IOException {
    CallbackCases.Outcome outcome = CallbackCases.run(one, folder);
    List<Integer> ran = Ints.asList(Golden.integers(one.get("ran")));
    assertEquals(ran, outcome.epochs());
    List<Double> rates = new ArrayList<>();
    one.getAsJsonArray("rates").forEach(rate -> rates.add(rate.getAsDouble()));
    assertEquals(rates, outcome.rates());
    assertEquals(outcome.weights().get(one.get("weights_of_epoch").getAsInt()), outcome.last());
    List<String> files = new ArrayList<>();
    one.getAsJsonArray("files").forEach(file -> files.add(file.getAsString()));
    try (Stream<Path> found = Files.list(folder)) {
      assertEquals(files, found.map(file -> file.getFileName().toString()).sorted().toList());
    }
    if (!one.get("csv").isJsonNull()) {
      assertEquals(one.get("csv").getAsString(), Files.readString(folder.resolve("log.csv")));
    }
  }

  @Test
  void whatTheyPrintIsWhatKerasPrints() throws IOException, InterruptedException {
    String printed =
        Programs.printed(CallbackCases.class, folder.toString()).replaceAll("\\S+/case\\d+/", "");
    StringBuilder expected = new StringBuilder();
    for (JsonObject one : Golden.rows(Golden.file("callbacks.json").get("cases"))) {
      expected.append("== ").append(one.get("name").getAsString()).append('\n');
      expected.append(one.get("printed").getAsString());
    }
    assertEquals(expected.toString(), printed);
  }
}
