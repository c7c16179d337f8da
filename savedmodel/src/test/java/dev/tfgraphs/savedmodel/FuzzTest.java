package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged files are read, or fail by an exception that names them: nothing else, and soon. {@code
 * -Dtfgraphs.fuzz=10000} says how many of each kind.
 */
class FuzzTest {
  private static final int RUNS = Integer.getInteger("tfgraphs.fuzz", 300);
  private static final int SECONDS = 20;

  /** Numbers at which sizes and offsets are most likely mistaken. */
  private static final long[] EDGES = {
    0,
    1,
    7,
    127,
    128,
    255,
    256,
    65535,
    1 << 24,
    Integer.MAX_VALUE,
    0xffffffffL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  @TempDir Path folder;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  /** Where something was read in spite of the damage, and where not. */
  private record Outcomes(int read, int failed) {}

  private interface Damage {
    byte[] of(byte[] bytes, Random random) throws IOException;
  }

  private Outcomes damage(Path file, byte[] whole, Damage damage, Callable<?> reader)
      throws Exception {
    return damage(RUNS, file, whole, damage, reader);
  }

  private Outcomes damage(int runs, Path file, byte[] whole, Damage damage, Callable<?> reader)
      throws Exception {
    int failed = 0;
    for (int seed = 0; seed < runs; seed++) {
      Files.write(file, damage.of(whole, new Random(seed)));
      try {
        thread.submit(reader).get(SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        fail(file + ", seed " + seed + ": no end after " + SECONDS + " s");
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof SavedModelException problem)
            || !String.valueOf(problem.getMessage()).contains(folder.toString())) {
          throw new AssertionError(file + ", seed " + seed + ": " + e.getCause(), e.getCause());
        }
        failed++;
      }
    }
    return new Outcomes(runs - failed, failed);
  }

  /** Some bytes changed, put in or taken out. */
  private static byte[] changed(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int change = 0; change <= random.nextInt(3); change++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, Math.max(at, 1));
        case 3 -> bytes = spliced(bytes, at, at, random);
        case 4 -> bytes = spliced(bytes, at, random.nextInt(bytes.length - at) + at, random);
        default -> edge(bytes, at, random);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, Random random) {
    byte[] middle = new byte[random.nextInt(9)];
    random.nextBytes(middle);
    return ByteBuffer.allocate(from + middle.length + bytes.length - to)
        .put(bytes, 0, from)
        .put(middle)
        .put(bytes, to, bytes.length - to)
        .array();
  }

  private static void edge(byte[] bytes, int at, Random random) {
    long value = EDGES[random.nextInt(EDGES.length)];
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    number.putLong(value);
    int start = random.nextBoolean() ? 0 : at;
    int count = Math.min(random.nextBoolean() ? Integer.BYTES : Long.BYTES, bytes.length - start);
    System.arraycopy(number.array(), 0, bytes, start, count);
  }

  /** A digit of the header changed, so that the JSON stays JSON. */
  private static byte[] otherDigits(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int changes = 0; changes < 2; ) {
      int at = Long.BYTES + random.nextInt(600);
      if (bytes[at] >= '0' && bytes[at] <= '9') {
        bytes[at] = (byte) ('0' + random.nextInt(10));
        changes++;
      }
    }
    return bytes;
  }

  @Test
  void damagedSafetensors() throws Exception {
    Path file = folder.resolve("weights.safetensors");
    byte[] whole = Files.readAllBytes(Fixtures.path("torch/plain.safetensors"));
    Model model = CheckpointsTest.namedWeights();
    Callable<?> reader = () -> WeightFiles.read(file, model);
    Outcomes outcomes = damage(file, whole, FuzzTest::changed, reader);
    assertTrue(outcomes.failed() > RUNS / 10, outcomes.toString());
    outcomes = damage(file, whole, FuzzTest::otherDigits, reader);
    assertTrue(outcomes.failed() > RUNS / 2, outcomes.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nested.h5", "keras2/old_adam.h5"})
  void damagedWholeModels(String name) throws Exception {
    WholeH5Test.unpack(folder);
    Path file = folder.resolve("damaged.h5");
    byte[] whole = Files.readAllBytes(folder.resolve(name));
    Outcomes outcomes = damage(file, whole, FuzzTest::changed, () -> KerasModels.load(file));
    assertTrue(outcomes.failed() > RUNS / 10, outcomes.toString());
    assertTrue(outcomes.read() > RUNS / 10, outcomes.toString());
  }

  /** A checkpoint of which {@code damage} changes one of the files. */
  private Outcomes ofCheckpoint(String part, Damage damage) throws Exception {
    for (String each : new String[] {"index", "data-00000-of-00001"}) {
      Files.write(
          folder.resolve("keras3." + each),
          Files.readAllBytes(Fixtures.path("checkpoints/keras3." + each)));
    }
    Path file = folder.resolve("keras3." + part);
    Model model = CheckpointsTest.namedWeights();
    return damage(
        file,
        Files.readAllBytes(file),
        damage,
        () -> WeightFiles.read(folder.resolve("keras3"), model));
  }

  @Test
  void damagedCheckpoints() throws Exception {
    Outcomes index = ofCheckpoint("index", FuzzTest::changed);
    assertTrue(index.failed() > RUNS * 8 / 10, index.toString());
    Outcomes data = ofCheckpoint("data-00000-of-00001", FuzzTest::changed);
    assertTrue(data.failed() > RUNS / 4, data.toString());
  }

  @Test
  void indexesWithRightChecksumsOfDamagedBlocks() throws Exception {
    Outcomes blocks =
        ofCheckpoint(
            "index", (whole, random) -> Tables.resealed(whole, block -> changed(block, random)));
    assertTrue(blocks.failed() > RUNS / 2, blocks.toString());
  }

  @Test
  void indexesWithRightBlocksOfDamagedEntries() throws Exception {
    Outcomes entries =
        ofCheckpoint(
            "index",
            (whole, random) -> {
              int[] left = {random.nextInt(26)};
              return Tables.rewritten(
                  whole, (key, value) -> left[0]-- == 0 ? changed(value, random) : value);
            });
    assertTrue(entries.failed() > RUNS / 10, entries.toString());
  }

  /** TensorFlow reads these, slowly. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "saved_model.pb",
        "variables/variables.index",
        "variables/variables.data-00000-of-00001"
      })
  void damagedSavedModels(String name) throws Exception {
    int runs = Math.max(RUNS / 10, 1);
    Specimen specimen = Specimen.named("resnet");
    Path file = SavedModels.write(folder, specimen.model(), specimen.weights()).resolve(name);
    Callable<?> reader =
        () -> {
          try (LoadedModel model = SavedModels.load(folder)) {
            return model.signatures();
          }
        };
    Outcomes outcomes = damage(runs, file, Files.readAllBytes(file), FuzzTest::changed, reader);
    assertTrue(outcomes.failed() > runs / 2, outcomes.toString());
  }
}
