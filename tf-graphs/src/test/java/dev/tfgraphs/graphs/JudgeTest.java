package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random models that Keras has trained; {@code conformance/judge --keep} writes them. */
class JudgeTest {
  static List<Named<JudgedCase>> cases() throws IOException, URISyntaxException {
    Path folder =
        Path.of(Objects.requireNonNull(JudgeTest.class.getResource("golden/judged")).toURI());
    try (Stream<Path> files = Files.list(folder)) {
      List<Named<JudgedCase>> cases = files.sorted().map(JudgeTest::read).toList();
      assertFalse(cases.isEmpty());
      return cases;
    }
  }

  private static Named<JudgedCase> read(Path file) {
    try {
      return Named.of(String.valueOf(file.getFileName()), JudgedCase.read(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainingGivesTheNumbersThatKerasGot(JudgedCase one) {
    assertEquals(Optional.empty(), Judge.judge(one));
  }

  static List<String> faults() {
    return List.copyOf(Fault.ALL.keySet());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void anErrorInWhatIsTrainedIsFound(String fault) throws IOException, URISyntaxException {
    assertTrue(
        cases().stream()
            .map(one -> Fault.named(fault).in(one.getPayload()))
            .anyMatch(one -> Judge.judge(one).isPresent()));
  }
}
