package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No program of a slide is longer than the Python there.
 *
 * <p>Lines count on both sides but for those that are blank, a comment, an import, the package, or
 * of nothing but brackets, commas and semicolons. Statements that a slide has as comments because
 * its data are not there count for the Python, since the Java makes them: one of slide 6 and three
 * of slide 11. What a slide calls and does not show is not counted for the Java either: {@code
 * tfds.load} is {@link Cifar10Archive}, {@code weights='imagenet'} is {@link ImageNetWeights}, and
 * {@code load_and_preprocess_image} is {@link PreprocessedImage}.
 */
class LineCountTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/tfgraphs/examples/slides");
  private static final ImmutableSet<String> NOT_SHOWN =
      ImmutableSet.of("Cifar10Archive", "ImageNetWeights", "PreprocessedImage", "package-info");

  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
  private static final Pattern ASIDE = Pattern.compile("[\\s\\[\\](){},;:]*|(import|package) .*");

  @ParameterizedTest(name = "slide {0}: {1}")
  @CsvSource({
    "1, IdentityBlock, 10",
    "2, VanishingGradients, 10",
    "3, ResidualBlock, 13",
    "4, ActivationOrders, 14",
    "5, ResNet18, 20",
    "6, TrainingLoop, 31",
    "7, VisualizingFeatureMaps, 13",
    "8, GradientFlowAnalysis, 15",
    "9, Comparison, 23",
    "10, Cifar10Training, 13",
    "11, TransferLearning, 14",
    "12, FlexibleResNet, 15",
    "13, ObjectDetection, 24",
    "14, Segmentation, 28",
  })
  void isNotLongerThanThePython(int slide, String program, int python) throws IOException {
    String source = Files.readString(SOURCES.resolve(program + ".java"));
    long java = lines(source);
    assertTrue(source.contains("/** Slide " + slide + ": "), "no word of slide " + slide);
    assertTrue(java > 4 && java <= python, java + " lines, and " + python + " in Python");
    assertTrue(
        Files.readString(Path.of("../docs/slides.md")).contains("examples.slides." + program),
        "not in docs/slides.md");
  }

  private static long lines(String source) {
    return COMMENT
        .matcher(source)
        .replaceAll("")
        .lines()
        .map(String::strip)
        .filter(line -> !ASIDE.matcher(line).matches())
        .count();
  }

  @Test
  void everyOtherFileIsKnown() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      Set<String> withoutMain =
          files
              .filter(LineCountTest::hasNoMain)
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
      assertEquals(Set.of(), Sets.symmetricDifference(NOT_SHOWN, withoutMain));
    }
  }

  private static boolean hasNoMain(Path file) {
    try {
      return !Files.readString(file).contains("public static void main");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
