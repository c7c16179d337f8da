package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged files are read, or fail by an exception that names them: nothing else, and soon; what is
 * read obeys the law of its format. {@code -Dtfgraphs.fuzz=10000} says how many of each kind, and
 * has a line printed for each; {@code -Dtfgraphs.fuzz.first=5000} begins behind as many others,
 * {@code -Dtfgraphs.fuzz.of=inspected} takes the kinds that are called so, and {@code
 * -Dtest.heap=512m} leaves that much memory.
 */
class FuzzTest {
  private static final Optional<Integer> ASKED =
      Optional.ofNullable(Integer.getInteger("tfgraphs.fuzz"));
  private static final int RUNS = 300;
  private static final int FIRST = Integer.getInteger("tfgraphs.fuzz.first", 0);
  private static final String KINDS = System.getProperty("tfgraphs.fuzz.of", "");

  /** No time is measured here: whoever takes longer follows a circle. */
  private static final int SECONDS = 20;

  @TempDir static Path folder;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  static List<FuzzSubject> subjects() throws IOException {
    return FuzzSubjects.in(folder).stream()
        .filter(subject -> subject.name().startsWith(KINDS))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void whatIsDamagedIsReadAsItStandsOrRefused(FuzzSubject subject) throws Exception {
    int runs = ASKED.orElse(RUNS / subject.most());
    int refused = 0;
    long slowest = 0;
    for (int run = FIRST; run < FIRST + runs; run++) {
      FuzzSubject.Seed seed = subject.seed(run);
      Files.write(seed.file(), subject.damage().of(seed.whole(), new Random(run)));
      long start = System.nanoTime();
      if (isRefused(seed, subject + ", run " + run + " on " + seed.file().getFileName())) {
        refused++;
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
      Files.write(seed.file(), seed.whole());
    }
    assertTrue(refused > runs / 20, subject + ": only " + refused + " refused");
    if (ASKED.isPresent()) {
      System.out.printf(
          "| %s | %d | %d | %d | %d |%n",
          subject, runs, refused, runs - refused, TimeUnit.NANOSECONDS.toMillis(slowest));
    }
  }

  private boolean isRefused(FuzzSubject.Seed seed, String what) throws InterruptedException {
    try {
      thread
          .submit(
              () -> {
                seed.reading().run();
                return seed;
              })
          .get(SECONDS, TimeUnit.SECONDS);
      return false;
    } catch (TimeoutException e) {
      return fail(what + ": no end after " + SECONDS + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ModelFileException problem && isClear(problem)) {
        return true;
      }
      throw new AssertionError(what + ": " + e.getCause(), e.getCause());
    }
  }

  /** Whether a message is one line that names the file, or a list of what does not fit. */
  private static boolean isClear(ModelFileException problem) {
    String message = String.valueOf(problem.getMessage());
    return (message.contains(folder.toString()) || message.startsWith("Keras model: "))
        && (message.lines().count() == 1 || message.contains("received others:\n"));
  }
}
