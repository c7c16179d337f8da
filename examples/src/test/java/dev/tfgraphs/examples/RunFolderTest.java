package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
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
    try (RunFolder folder = RunFolder.create(Optional.of(target), TIME)) {
      Files.writeString(folder.temporary().resolve("file"), "text");
      assertTrue(Files.notExists(target));
      assertEquals(target, folder.publish());
    }
    assertEquals("text", Files.readString(target.resolve("file")));
    assertEquals(List.of("run"), left());
  }

  @Test
  void whatIsNotPublishedIsDeletedWithTheFoldersMadeForIt() throws IOException {
    try (RunFolder folder = RunFolder.create(Optional.of(place.resolve("a/b/run")), TIME)) {
      Files.writeString(folder.temporary().resolve("file"), "text");
    }
    assertEquals(List.of(), left());
  }

  @Test
  void anEmptyFolderIsFilled() throws IOException {
    Path target = Files.createDirectory(place.resolve("run"));
    try (RunFolder folder = RunFolder.create(Optional.of(target), TIME)) {
      Files.writeString(folder.temporary().resolve("file"), "text");
      folder.publish();
    }
    assertTrue(Files.exists(target.resolve("file")));
  }

  @Test
  void aRunIsCalledAfterItsTime() {
    assertEquals(Path.of("runs", "2025-01-31_12-00-05"), RunFolder.free(Path.of("runs"), TIME));
  }

  @Test
  void aSecondRunInOneSecondHasANumber() throws IOException {
    Files.createDirectory(place.resolve("2025-01-31_12-00-05"));
    Files.createDirectory(place.resolve("2025-01-31_12-00-05_2"));
    assertEquals(place.resolve("2025-01-31_12-00-05_3"), RunFolder.free(place, TIME));
  }
}
