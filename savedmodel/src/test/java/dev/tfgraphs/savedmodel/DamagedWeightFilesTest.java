package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedWeightFilesTest {
  /** {@code -Dfuzz.files=10000} for more. */
  private static final int FILES = Integer.getInteger("fuzz.files", 300);

  /** No time is measured here: whoever takes longer follows a circle. */
  private static final Duration HANGS = Duration.ofSeconds(30);

  private static final AtomicInteger READ = new AtomicInteger();
  private static final AtomicInteger REFUSED = new AtomicInteger();

  private static final long[] NUMBERS = {
    0, 1, -1, 8, 0xff, 0xffff, 0x7fffffff, 0xffffffffL, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };

  @TempDir static Path fixtures;

  @TempDir Path folder;

  /** The model in each file: those of Keras, and two of ours. */
  private static final ImmutableMap<String, String> MODELS =
      ImmutableMap.<String, String>builder()
          .putAll(Maps.filterKeys(WeightFixture.files(), name -> !name.endsWith(".json")))
          .put("our_plain.weights.h5", "plain")
          .put("our_nested.h5", "nested")
          .buildOrThrow();

  @BeforeAll
  static void makeFiles() throws IOException {
    WeightFixture.unpack(fixtures);
    for (String ours : List.of("our_plain.weights.h5", "our_nested.h5")) {
      WeightFiles.write(
          fixtures.resolve(ours), model(ours), WeightFixture.weights(modelName(ours)));
    }
  }

  private static String modelName(String file) {
    return Objects.requireNonNull(MODELS.get(file));
  }

  private static Model model(String file) {
    return WeightFixture.model(modelName(file));
  }

  static IntStream groupsOfTen() {
    return IntStream.range(0, (FILES + 9) / 10);
  }

  @ParameterizedTest
  @MethodSource("groupsOfTen")
  void aDamagedFileIsReadOrRefusedInOneLine(int group) throws IOException {
    ImmutableList<String> files = MODELS.keySet().asList();
    for (int seed = 10 * group; seed < 10 * group + 10; seed++) {
      Random random = new Random(seed);
      String name = files.get(random.nextInt(files.size()));
      Path file = folder.resolve(seed + name);
      Files.write(file, damaged(Files.readAllBytes(fixtures.resolve(name)), random));
      String where = "seed " + seed + " of " + name;
      assertTimeoutPreemptively(HANGS, () -> readOrRefused(file, model(name), where), where);
    }
  }

  private static void readOrRefused(Path file, Model model, String where) {
    try {
      WeightFiles.read(file, model).checkFit(model);
      READ.incrementAndGet();
    } catch (SavedModelException e) {
      REFUSED.incrementAndGet();
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("weights " + file), () -> where + ": " + message);
      assertTrue(
          message.lines().count() == 1 || message.contains("received others:\n"),
          () -> where + ": " + message);
    }
  }

  /** A byte of a number may be any, and one of an address may not: both happen among so many. */
  @AfterAll
  static void someWereReadAndSomeRefused() {
    assertEquals(groupsOfTen().count() * 10, READ.get() + REFUSED.get());
    assertTrue(READ.get() >= FILES / 10, () -> READ + " of " + FILES + " were read");
    assertTrue(REFUSED.get() >= FILES / 10, () -> REFUSED + " of " + FILES + " were refused");
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    if (random.nextInt(8) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      int place = random.nextInt(bytes.length - 8);
      switch (random.nextInt(4)) {
        case 0 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
        case 1 -> all.putLong(place / 8 * 8, NUMBERS[random.nextInt(NUMBERS.length)]);
        case 2 -> all.putLong(place / 8 * 8, random.nextInt(bytes.length / 8) * 8L);
        default -> all.putShort(place / 2 * 2, (short) random.nextInt());
      }
    }
    return bytes;
  }

  @Test
  void aFileThatEndsAnywhereIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(fixtures.resolve("twins.h5"));
    Model model = WeightFixture.model("twins");
    for (int length = 0; length < bytes.length; length += 97) {
      Path file = Files.write(folder.resolve("short" + length), Arrays.copyOf(bytes, length));
      assertThrows(SavedModelException.class, () -> WeightFiles.read(file, model));
    }
  }

  private String failure(Hdf5Writer.Group root, Model model) throws IOException {
    Path file = folder.resolve("made.weights.h5");
    Hdf5Writer.write(file, root);
    return String.valueOf(
            assertThrows(SavedModelException.class, () -> WeightFiles.read(file, model))
                .getMessage())
        .replace(folder.toString(), "");
  }

  @Test
  void groupsInGroupsHaveAnEnd() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.group(String.join("/", Collections.nCopies(200, "layers/functional")));
    assertEquals(
        "weights /made.weights.h5 (Keras HDF5): expected models nested less than 100 times",
        failure(root, WeightFixture.plain()));
  }

  @Test
  void namesThatRepeatHaveAnEnd() throws IOException {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    List<String> names = Collections.nCopies(60_000, "a");
    root.attribute("layer_names", names).group("a").attribute("weight_names", names);
    root.dataset("a/a", StoredTensor.of("a", new HostTensor(Shape.of(1), new float[1])));
    assertEquals(
        "weights /made.weights.h5 (Keras HDF5): expected an undamaged HDF5 file that Keras wrote,"
            + " received one that fails at '/a': expected names and attributes of at most"
            + " 67108864 bytes, received more, or in circles",
        failure(root, WeightFixture.plain()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "soft.weights.h5, \"expected what the file itself holds at '/layers/dense/vars/0', received"
            + " a link\"",
        "external.weights.h5, \"expected what the file itself holds at '/layers/dense', received a"
            + " link\"",
        "chunks.h5, \"expected numbers in one piece, as Keras writes them at '/head/head/bias',"
            + " received them in chunks (h5repack -l CONTI -f NONE writes them so)\"",
        "text.h5, \"expected numbers at '/head/head/bias', received text\"",
        "huge.h5, \"expected an undamaged HDF5 file that Keras wrote, received one that fails at"
            + " '/head/head/bias': expected less than 2^31 elements, received (1048576, 1048576)\"",
        "absent.h5, \"tensor 'head/head/bias': expected 3 elements of float32 at byte -1, received"
            + " a file of 19864 bytes\"",
        "gone.h5, \"expected a tensor at '/head/head/bias', received nothing\"",
        "heap.h5, \"expected an undamaged HDF5 file that Keras wrote, received one that fails at"
            + " '/': expected links in the header of a group, received links in a heap (h5py writes"
            + " none unless libver is 'latest')\"",
      })
  void aFileThatKerasDoesNotWriteIsRefused(String name, String problem) {
    Path file = fixtures.resolve("odd_" + name);
    assertEquals(
        "weights " + file + " (Keras HDF5): " + problem,
        String.valueOf(
            assertThrows(
                    SavedModelException.class, () -> WeightFiles.read(file, WeightFixture.plain()))
                .getMessage()));
  }

  @Test
  void aCircleIsWalkedOnce() {
    WeightFiles.read(fixtures.resolve("odd_circle.weights.h5"), WeightFixture.plain());
  }
}
