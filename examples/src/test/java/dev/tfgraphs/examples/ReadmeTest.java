package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java of README is compiled code. */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern RELEASE =
      Pattern.compile("<maven.compiler.release>(.*)</maven.compiler.release>");
  private static final Pattern COMPILER =
      Pattern.compile("<artifactId>maven-compiler-plugin</artifactId>\\s*<version>(.*)</version>");
  private static final Path ROOT = Path.of("..");

  @Test
  void everyBlockOfJavaStandsInASourceFile() throws IOException {
    List<String> blocks =
        JAVA.matcher(Files.readString(ROOT.resolve("README.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertEquals(2, blocks.size());
    assertContained(blocks.get(0), "examples/src/main/java/dev/tfgraphs/examples/QuickStart.java");
    assertContained(
        blocks.get(1), "applications/src/main/java/dev/tfgraphs/applications/ResidualBlocks.java");
  }

  @Test
  void theCompilerIsThatOfTheSample() throws IOException {
    String sample = Files.readString(ROOT.resolve("sample/pom.xml"));
    String readme = Files.readString(ROOT.resolve("README.md"));
    for (Pattern pattern : List.of(RELEASE, COMPILER)) {
      assertEquals(found(pattern, sample), found(pattern, readme));
    }
  }

  private static String found(Pattern pattern, String text) {
    return pattern.matcher(text).results().findFirst().orElseThrow().group(1);
  }

  private static void assertContained(String block, String file) throws IOException {
    String source = flat(Files.readString(ROOT.resolve(file)));
    assertTrue(source.contains(flat(block)), "not in " + file + ":\n" + block);
  }

  /** Indentation and line breaks aside. */
  private static String flat(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
