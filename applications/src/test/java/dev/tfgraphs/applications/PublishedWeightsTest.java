package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.applications.KerasResNet.RESNET50V2;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedWeightsTest {
  private static final JsonObject FILE = Fixture.file("keras_resnets.json");

  private static List<Object> row(JsonObject row) {
    return List.of(
        KerasResNetTest.network(row),
        row.get("top").getAsBoolean(),
        row.get("address").getAsString(),
        row.get("file").getAsString(),
        row.get("md5").getAsString());
  }

  @Test
  void theFilesAreThoseThatKerasFetches() {
    assertEquals(
        Fixture.objects(FILE.getAsJsonArray("published")).map(PublishedWeightsTest::row).toList(),
        PublishedWeights.all().stream()
            .map(w -> List.<Object>of(w.network(), w.top(), w.address(), w.fileName(), w.md5()))
            .toList());
  }

  @Test
  void aNetworkHasAFileWithItsTopAndOneWithout() {
    for (KerasResNet network : KerasResNet.values()) {
      assertEquals(
          List.of(network.weights(), network.weightsWithoutTop()),
          PublishedWeights.all().stream().filter(w -> w.network() == network).toList());
      assertEquals(OptionalInt.of(1000), network.weights().classes());
      assertEquals(OptionalInt.empty(), network.weightsWithoutTop().classes());
    }
  }

  @Test
  void theFirstGenerationWantsBlueFirstAndTheSecondSmallNumbers() {
    assertEquals(ImagePreprocessing.CAFFE, RESNET50.weights().preprocessing());
    assertEquals(ImagePreprocessing.TF, RESNET50V2.weightsWithoutTop().preprocessing());
  }

  @Test
  void aFileIsRecognizedByItsHash() {
    for (PublishedWeights weights : PublishedWeights.all()) {
      assertEquals(Optional.of(weights), PublishedWeights.recognize(weights.md5()));
      assertEquals(ImmutableMap.of(), weights.layerNames());
    }
    assertEquals(
        Optional.of(RESNET50.weights()),
        PublishedWeights.recognize("2CB95161C43110F7111970584F804107"));
    assertEquals(Optional.empty(), PublishedWeights.recognize("00000000000000000000000000000000"));
  }

  /** Their names are those of the current files. */
  @ParameterizedTest
  @CsvSource({"a7b3fe01876f51b976af0dea6bc144eb, true", "a268eb855778b3df3c7506639542a6af, false"})
  void theFilesOfTheOlderReleaseAreRecognizedByTheirHash(String md5, boolean top) {
    PublishedWeights old = PublishedWeights.recognize(md5).orElseThrow();
    PublishedWeights current = top ? RESNET50.weights() : RESNET50.weightsWithoutTop();
    assertEquals(current.fileName(), old.fileName());
    assertEquals(
        "https://github.com/fchollet/deep-learning-models/releases/download/v0.2/"
            + current.fileName(),
        old.address());
    assertEquals(RESNET50, old.network());
    assertEquals(current.classes(), old.classes());
    assertEquals(names(top), new TreeMap<>(old.layerNames()));
    Set<String> layers = old.layerNames().keySet();
    assertEquals(Optional.of(old), PublishedWeights.recognize(layers));
    assertEquals(
        Optional.of(old), PublishedWeights.recognize(Sets.union(layers, Set.of("optimizer"))));
    assertEquals(
        Optional.empty(),
        PublishedWeights.recognize(Sets.difference(layers, Set.of("res5c_branch2b"))));
    assertEquals(
        Optional.empty(), PublishedWeights.recognize(Set.copyOf(old.layerNames().values())));
  }

  private static Map<String, String> names(boolean top) {
    Map<String, String> names = new TreeMap<>();
    for (JsonElement pair : FILE.getAsJsonArray("old_names")) {
      JsonArray both = pair.getAsJsonArray();
      names.put(both.get(0).getAsString(), both.get(1).getAsString());
    }
    if (!top) {
      names.remove("fc1000");
    }
    return names;
  }

  @Test
  void theOlderReleaseHasEveryLayerWithWeightsOnce() {
    PublishedWeights old =
        PublishedWeights.recognize("a7b3fe01876f51b976af0dea6bc144eb").orElseThrow();
    Model model = RESNET50.model();
    Set<String> layers =
        model.weights().stream().map(w -> model.nameOf(w.layer())).collect(Collectors.toSet());
    assertEquals(107, layers.size());
    assertEquals(107, old.layerNames().size());
    assertEquals(layers, ImmutableSet.copyOf(old.layerNames().values()));
  }
}
