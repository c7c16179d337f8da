package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A machine without a font, as servers often are. */
@EnabledOnOs(OS.LINUX) // elsewhere the fonts of the system cannot be hidden from Java
class FontlessTest {
  private static final String SPEAKER = "tfgraphs train: ";

  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void aTrainingWritesAllButItsPictures() throws Exception {
    Path run = folder.resolve("run");
    String lines = errors("train", "--epochs", "1", "--limit", "40", "--output", run.toString());
    assertEquals(
        List.of("no curves.png", "no predictions.png", "no pictures"),
        lines
            .lines()
            .filter(line -> line.startsWith(SPEAKER)) // others are TensorFlow's
            .map(line -> line.substring(SPEAKER.length()).replaceFirst(": .*", ""))
            .toList(),
        lines);
    assertTrue(
        lines.contains(
            "no curves.png: pictures: expected a font for their texts, but Java found none on this"
                + " machine; on Debian and Ubuntu 'apt-get install fontconfig fonts-dejavu-core'"
                + " brings some"),
        lines);
    assertEquals(2, Files.readAllLines(run.resolve("history.csv")).size());
    try (Stream<Path> written = Files.list(run)) {
      assertEquals(
          Set.of("history.csv", "model", "model.keras", "run.json", "samples"),
          written.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
    Cli.run("evaluate", run).succeeded();
  }

  /** Where TensorFlow has been unpacked already. */
  private static String nativeLibraries() {
    return System.getProperty(
        "org.bytedeco.javacpp.cachedir", System.getProperty("user.home") + "/.javacpp/cache");
  }

  /** What the command line says on its error stream, in a process of its own. */
  private String errors(String... arguments) throws IOException, InterruptedException {
    Path none = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig/>");
    Path errors = folder.resolve("errors.txt");
    ProcessBuilder java =
        Cli.process(
            List.of(
                "-Djava.awt.headless=true",
                "-Duser.home=" + folder, // where Java keeps what it knows about fonts
                "-Dorg.bytedeco.javacpp.cachedir=" + nativeLibraries()),
            arguments);
    java.environment().put("FONTCONFIG_FILE", none.toString());
    java.redirectError(errors.toFile());
    Process process = java.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output + Files.readString(errors));
    return Files.readString(errors);
  }
}
