package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a copy of the tree in which Java and Maven only say what they are told to do. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX script")
class LauncherTest {
  /** All that the launcher calls; nothing else is on its path. */
  private static final List<String> TOOLS =
      List.of(
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "mkdir",
          "mkfifo",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "sed");

  private static final List<String> MODULES =
      List.of("ops", "tf-graphs", "savedmodel", "applications", "pictures", "examples");

  private record Outcome(int exit, String out, String err) {}

  @TempDir Path temp;
  private Path home;
  private Path bin;
  private Path jdk;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void aTreeThatIsBuilt() throws IOException {
    home = Files.createDirectories(temp.resolve("a tree"));
    bin = Files.createDirectories(temp.resolve("bin"));
    for (String tool : TOOLS) {
      Path real = Path.of("/usr/bin", tool);
      Path exact = Files.exists(real) ? real : Path.of("/bin", tool);
      script(bin.resolve(tool), "exec " + exact + " \"$@\"");
    }
    Files.copy(Path.of("..", "tfgraphs"), home.resolve("tfgraphs"));
    assertTrue(home.resolve("tfgraphs").toFile().setExecutable(true));
    for (String module : MODULES) {
      write(home.resolve(module + "/pom.xml"), "");
      write(home.resolve(module + "/src/main/A.java"), "");
    }
    write(home.resolve("pom.xml"), "");
    write(home.resolve("bom/pom.xml"), "");
    Files.createDirectories(home.resolve(".mvn"));
    age(home);
    write(home.resolve("examples/target/tfgraphs.jar"), "");
    write(home.resolve("examples/target/tfgraphs.stamp"), "cpu\n");
    Files.createDirectories(home.resolve("examples/target/lib"));
    jdk = jdk("jdk", "17.0.1");
    script(bin.resolve("mvn"), "echo \"mvn $*\"; : >examples/target/tfgraphs.jar");
  }

  @Test
  void runsTheCommandLineWithTheFlagsThatTensorFlowNeeds() throws Exception {
    Outcome outcome = run(temp, home.resolve("tfgraphs"), "train", "--epochs", "1");
    assertEquals("", outcome.err());
    assertEquals(0, outcome.exit());
    assertTrue(outcome.out().contains("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"), outcome.out());
    assertTrue(outcome.out().contains("-Dtfgraphs.terminal=false"), outcome.out());
    assertTrue(
        outcome
            .out()
            .endsWith(
                "-cp %s/examples/target/tfgraphs.jar dev.tfgraphs.examples.Main train --epochs 1\n"
                    .formatted(home.toRealPath())),
        outcome.out());
  }

  @Test
  void tellsHowItWasCalled() throws Exception {
    Path launcher = home.resolve("tfgraphs");
    String full = "-Dtfgraphs.launcher=" + launcher + " ";
    assertTrue(run(temp, launcher).out().contains(full));
    Files.createSymbolicLink(bin.resolve("tfgraphs"), launcher);
    script(bin.resolve("sh"), "exec /bin/sh \"$@\"");
    String found = run(temp, bin.resolve("sh"), "-c", "tfgraphs").out();
    assertTrue(found.contains("-Dtfgraphs.launcher=tfgraphs "), found);
  }

  @Test
  void worksThroughALinkFromAnotherFolder() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), home.resolve("tfgraphs"));
    Outcome outcome = run(Files.createDirectories(temp.resolve("elsewhere")), link, "doctor");
    assertEquals(0, outcome.exit());
    assertTrue(outcome.out().contains(home.toRealPath() + "/examples/target/tfgraphs.jar"));
  }

  @Test
  void handsOnTheExitCodeAndTheErrorsOfTheCommand() throws Exception {
    script(jdk.resolve("bin/java"), "echo 'tfgraphs train: no' >&2; exit 2");
    Outcome outcome = run(temp, home.resolve("tfgraphs"), "train");
    assertEquals(2, outcome.exit());
  }

  @ParameterizedTest(name = "LC_ALL={0}, LANG={1}, of encoding {2}: LC_ALL={3}")
  @CsvSource({
    ", , , C.UTF-8",
    "C, de_DE.UTF-8, , C.UTF-8",
    ", POSIX, , C.UTF-8",
    "de_DE.UTF-8, , ANSI_X3.4-1968, C.UTF-8", // not installed
    "de_DE.UTF-8, , UTF-8, de_DE.UTF-8",
    "de_DE, , ISO-8859-1, de_DE",
    "de_DE.UTF-8, , , de_DE.UTF-8",
  })
  void theNamesOfFilesAreInUtf8WhereTheLocaleKnowsAsciiOnly(
      @Nullable String all, @Nullable String lang, @Nullable String encoding, String expected)
      throws Exception {
    script(jdk.resolve("bin/java"), "echo \"$LC_ALL\"");
    if (encoding != null) {
      script(bin.resolve("locale"), "echo " + encoding);
    }
    setting("LC_ALL", all);
    setting("LANG", lang);
    assertEquals(expected + "\n", run(temp, home.resolve("tfgraphs"), "doctor").out());
  }

  private void setting(String name, @Nullable String value) {
    if (value != null) {
      environment.put(name, value);
    }
  }

  @Test
  void allowsNativeCodeWhereJavaWarnsOfIt() throws Exception {
    jdk = jdk("jdk25", "25.0.1");
    assertTrue(
        run(temp, home.resolve("tfgraphs")).out().contains("--enable-native-access=ALL-UNNAMED"));
  }

  @Test
  void buildsNothingWhileTheSourcesAreOld() throws Exception {
    assertFalse(run(temp, home.resolve("tfgraphs")).err().contains("building"));
  }

  @Test
  void buildsOnceWhenASourceIsNewer() throws Exception {
    write(home.resolve("ops/src/main/B.java"), "");
    Outcome first = run(temp, home.resolve("tfgraphs"));
    assertTrue(first.err().startsWith("tfgraphs: building ... (log: "), first.err());
    assertEquals(0, first.exit());
    String log = Files.readString(home.resolve("examples/target/tfgraphs-build.log"));
    assertTrue(log.startsWith("mvn -B -q "), log);
    assertEquals("", run(temp, home.resolve("tfgraphs")).err());
  }

  @Test
  void showsTheLogOfABuildThatFails() throws Exception {
    script(bin.resolve("mvn"), "echo boom; exit 1");
    write(home.resolve("ops/src/main/B.java"), "");
    Outcome outcome = run(temp, home.resolve("tfgraphs"));
    assertEquals(1, outcome.exit());
    assertTrue(outcome.err().endsWith("boom\ntfgraphs: the build failed.\n"), outcome.err());
  }

  @Test
  void saysThatThereIsNoJava() throws Exception {
    jdk = temp.resolve("none");
    Outcome outcome = run(temp, home.resolve("tfgraphs"));
    assertEquals(1, outcome.exit());
    assertEquals(
        "tfgraphs: JAVA_HOME is %s, but there is no bin/java in it. Set it to a JDK, 17 or newer.\n"
            .formatted(jdk),
        outcome.err());
  }

  @Test
  void saysThatJavaIsTooOld() throws Exception {
    jdk = jdk("jdk11", "11.0.2");
    Outcome outcome = run(temp, home.resolve("tfgraphs"));
    assertEquals(1, outcome.exit());
    assertEquals(
        "tfgraphs: found Java 11.0.2 (%s/bin/java), but tf-graphs needs a JDK, 17 or newer.\n"
            .formatted(jdk),
        outcome.err());
  }

  @Test
  void saysThatARuntimeCannotBuild() throws Exception {
    Files.delete(jdk.resolve("bin/javac"));
    Files.delete(home.resolve("examples/target/tfgraphs.jar"));
    Outcome outcome = run(temp, home.resolve("tfgraphs"));
    assertEquals(1, outcome.exit());
    assertEquals(
        "tfgraphs: found a Java runtime without a compiler (%s), but building needs a JDK, 17 or newer.\n"
            .formatted(jdk),
        outcome.err());
  }

  @Test
  void saysThatThereIsNoMaven() throws Exception {
    Files.delete(bin.resolve("mvn"));
    Files.delete(home.resolve("examples/target/tfgraphs.jar"));
    Outcome outcome = run(temp, home.resolve("tfgraphs"));
    assertEquals(1, outcome.exit());
    assertEquals(
        "tfgraphs: no Maven found on the path. Install Apache Maven, 3.8 or newer, to build"
            + " tf-graphs.\n",
        outcome.err());
  }

  private Path jdk(String name, String version) throws IOException {
    Path folder = temp.resolve(name);
    write(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(folder.resolve("bin/java"), "echo \"$@\"");
    script(folder.resolve("bin/javac"), "");
    return folder;
  }

  private Outcome run(Path directory, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    int exit = builder.start().waitFor();
    return new Outcome(exit, Files.readString(out), Files.readString(err));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private static void script(Path file, String body) throws IOException {
    write(file, "#!/bin/sh\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  /** Makes all files an hour old, so that what is written later is newer beyond any clock. */
  private static void age(Path folder) throws IOException {
    FileTime past = FileTime.from(Instant.now().minusSeconds(3600));
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, past);
      }
    }
  }
}
