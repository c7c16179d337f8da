package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.tfgraphs.graphs.NativeObjects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/** What is opened and closed leaves nothing behind. */
class ResidentMemoryTest {

  private static final Path STATM = Path.of("/proc/self/statm");
  private static final int CYCLES = 300;

  /**
   * A leak of a batch of arrays, or of the graph that reads images, makes 250 MB and more in all.
   */
  private static final long BOUND = 100L << 20;

  @TempDir Path folder;

  @BeforeEach
  void onlyWhereItCanBeRead() {
    assumeTrue(Files.isReadable(STATM), "resident memory is read on Linux only");
  }

  private static long resident() throws IOException {
    return Long.parseLong(Splitter.on(' ').splitToList(Files.readString(STATM)).get(1)) * 4096;
  }

  private static void assertFlat(Dataset dataset) throws IOException {
    for (int i = 0; i < CYCLES / 10; i++) {
      cycle(dataset, i);
    }
    long before = resident();
    for (int i = 0; i < CYCLES; i++) {
      cycle(dataset, i);
    }
    long grown = resident() - before;
    assertTrue(grown < BOUND, () -> "grew by " + (grown >> 20) + " MB");
  }

  /** A whole pass, and one that is left in the middle. */
  private static void cycle(Dataset dataset, int epoch) {
    try (Batches batches = dataset.open(8, true, 1)) {
      Reading.pass(batches, epoch, Batch::size);
      batches.begin(epoch + 1);
      batches.next().orElseThrow().close();
    }
  }

  @Test
  void arraysWithAMap() throws IOException {
    float[] images = new float[32 * 100 * 100 * 3];
    Dataset dataset = Dataset.of(Samples.of(images, 100, 100, 3), Samples.labels(new int[32]));
    Dataset mapped = dataset.map((tf, x) -> tf.dtypes.cast(x, TFloat32.class));
    NativeObjects.assertNoneLeft(() -> cycle(mapped, 0));
    assertFlat(mapped);
  }

  @Test
  void imageFiles() throws IOException {
    Path file = folder.resolve("photo.jpg");
    try (InputStream in = getClass().getResourceAsStream("folder/cats/a-b/photo.jpg")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    Dataset images =
        Images.files(List.of(file, file, file, file, file, file, file, file, file), 64, 64);
    NativeObjects.assertNoneLeft(() -> cycle(images, 0));
    assertFlat(images);
  }
}
