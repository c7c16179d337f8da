package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerasCacheTest {
  @TempDir Path temporary;

  private Path models(Map<String, String> environment) {
    return new KerasCache(environment, temporary.resolve("tmp")).models();
  }

  @Test
  void modelsAreKeptInTheHomeOfTheUser() {
    assertEquals(
        temporary.resolve(".keras").resolve("models"),
        models(Map.of("HOME", temporary.toString())));
    assertEquals(
        temporary.resolve(".keras").resolve("models"),
        models(Map.of("USERPROFILE", temporary.toString())));
  }

  @Test
  void theHomeOfKerasComesFirst() {
    assertEquals(
        temporary.resolve("k").resolve("models"),
        models(Map.of("HOME", "/nowhere", "KERAS_HOME", temporary.resolve("k").toString())));
  }

  @Test
  void theHomeOfKerasMayBeInThatOfTheUser() {
    String home = temporary.toString();
    assertEquals(
        temporary.resolve("k").resolve("models"),
        models(Map.of("HOME", home, "KERAS_HOME", "~/k")));
    assertEquals(temporary.resolve("models"), models(Map.of("HOME", home, "KERAS_HOME", "~")));
  }

  @Test
  void whereNothingCanBeWrittenModelsAreTemporary() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    assertEquals(
        temporary.resolve("tmp").resolve(".keras").resolve("models"),
        models(Map.of("KERAS_HOME", file.resolve("k").toString())));
  }

  @Test
  void theFolderOfThisProcessHasModels() {
    assertEquals("models", Downloads.ofKeras().folder().getFileName().toString());
  }
}
