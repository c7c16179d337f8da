package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir private Path folder;

  @Test
  void aFailureSaysWhyAndWhatIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("h.json"), "old");
    OutputFile output = new OutputFile("--history", file);
    for (IOException reason :
        List.of(
            new IOException("No space left on device"),
            new FileSystemException(file.toString(), null, "No space left on device"))) {
      CommandException thrown =
          assertThrows(
              CommandException.class,
              () ->
                  output.write(
                      fresh -> {
                        Files.writeString(fresh, "new");
                        throw reason;
                      },
                      "; m.keras is written"));
      assertEquals(
          "--history: expected a file that can be written, received '"
              + file
              + "': No space left on device; m.keras is written",
          thrown.getMessage());
    }
    assertEquals("old", Files.readString(file));
    assertArrayEquals(new String[] {"h.json"}, folder.toFile().list());
  }

  @Test
  void whatIsWrittenComesInThePlaceOfAnOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("h.json"), "old");
    new OutputFile("--history", file).write(fresh -> Files.writeString(fresh, "new"));
    assertEquals("new", Files.readString(file));
    assertArrayEquals(new String[] {"h.json"}, folder.toFile().list());
  }
}
