package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2025, 1, 31, 12, 0, 5);

  @TempDir private Path place;

  private List<String> left() throws IOException {
    try (Stream<Path> entries = Files.list(place)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void nothingIsInItsPlaceBeforeAllIsWritten() throws IOException {
    Path target = place.resolve("run");
    try (RunFolder folder = RunFolder.named(target)) {
      Files.writeString(folder.temporary().resolve("file"), "text");
      assertTrue(Files.notExists(target));
      assertEquals(target, folder.publish());
    }
    assertEquals("text", Files.readString(target.resolve("file")));
    assertEquals(List.of("run"), left());
  }

  @Test
  void whatIsNotPublishedIsDeletedWithTheFoldersMadeForIt() throws IOException {
    try (RunFolder folder = RunFolder.named(place.resolve("a/b/run"))) {
      Files.writeString(folder.temporary().resolve("file"), "text");
    }
    assertEquals(List.of(), left());
  }

  @Test
  void anEmptyFolderIsFilled() throws IOException {
    Path target = Files.createDirectory(place.resolve("run"));
    try (RunFolder folder = RunFolder.named(target)) {
      Files.writeString(folder.temporary().resolve("file"), "text");
      folder.publish();
    }
    assertTrue(Files.exists(target.resolve("file")));
  }

  @Test
  void aRunIsCalledAfterItsTime() throws IOException {
    try (RunFolder folder = RunFolder.timed(place, TIME)) {
      assertEquals(place.resolve("2025-01-31_12-00-05"), folder.publish());
    }
  }

  @Test
  void aSecondRunInOneSecondHasANumber() throws IOException {
    Files.createDirectory(place.resolve("2025-01-31_12-00-05"));
    Files.createDirectory(place.resolve("2025-01-31_12-00-05_2"));
    try (RunFolder folder = RunFolder.timed(place, TIME)) {
      assertEquals(place.resolve("2025-01-31_12-00-05_3"), folder.publish());
    }
  }

  @Test
  void twoTrainingsThatStartInOneSecondGetTwoFolders() throws IOException {
    try (RunFolder first = RunFolder.timed(place, TIME);
        RunFolder second = RunFolder.timed(place, TIME)) {
      Files.writeString(first.temporary().resolve("file"), "first");
      Files.writeString(second.temporary().resolve("file"), "second");
      assertEquals(
          "second", Files.readString(second.publish().resolve("file")), "the second ends first");
      assertEquals("first", Files.readString(first.publish().resolve("file")));
    }
    assertEquals(
        List.of("2025-01-31_12-00-05", "2025-01-31_12-00-05_2"), left().stream().sorted().toList());
  }

  @Test
  void anOutputThatAnotherTrainingWritesIsRefusedAtTheStart() {
    Path target = place.resolve("run");
    try (RunFolder first = RunFolder.named(target)) {
      CommandException refused =
          assertThrows(CommandException.class, () -> RunFolder.named(target).close());
      assertEquals(
          "--output: expected a folder that no other training writes, received '"
              + target
              + "'; if none does, delete "
              + first.temporary()
              + ", left by one that was killed",
          refused.getMessage());
    }
    RunFolder.named(target).close();
  }

  @Test
  void whatCameInThePlaceMeanwhileIsKeptAndTheRunLiesBesideIt() throws IOException {
    Path target = place.resolve("run");
    try (RunFolder folder = RunFolder.named(target)) {
      Files.createDirectory(target);
      Files.writeString(target.resolve("file"), "other");
      assertEquals(place.resolve("run_2"), folder.publish());
    }
    assertEquals("other", Files.readString(target.resolve("file")));
  }
}
