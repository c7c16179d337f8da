package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written, loaded and closed leaves nothing behind. */
class ResidentMemoryTest {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final int CYCLES = 60;

  /** The weights are 4 MB: one cycle that leaks them makes 240 MB in all. */
  private static final long BOUND = 80L << 20;

  @TempDir Path base;

  /** Resident memory without what Java's collector has not got to yet. */
  private static long resident() throws IOException {
    System.gc();
    return Long.parseLong(Splitter.on(' ').splitToList(Files.readString(STATM)).get(1)) * 4096;
  }

  private interface Cycle {
    void run() throws IOException;
  }

  private static void assertFlat(Cycle cycle) throws IOException {
    assumeTrue(Files.isReadable(STATM), "resident memory is read on Linux only");
    for (int i = 0; i < CYCLES / 4; i++) {
      cycle.run();
    }
    long before = resident();
    for (int i = 0; i < CYCLES; i++) {
      cycle.run();
    }
    long grown = resident() - before;
    assertTrue(grown < BOUND, () -> "grew by " + (grown >> 20) + " MB");
  }

  private Path write() {
    Node x = Layers.input("x", 1000);
    Model model = Model.of(x, x.to(Layers.dense(1000).useBias(false).name("large")));
    HostTensor kernel = new HostTensor(Shape.of(1000, 1000), new float[1_000_000]);
    return SavedModels.write(base, model, Weights.of(Map.of("large/kernel", kernel)));
  }

  @Test
  void loading() throws IOException {
    Path version = write();
    HostTensor batch = new HostTensor(Shape.of(1, 1000), new float[1000]);
    assertFlat(
        () -> {
          try (LoadedModel model = SavedModels.load(version)) {
            assertTrue(model.predict(batch).values().length > 0);
          }
        });
  }

  @Test
  void predicting() throws IOException {
    HostTensor batch = new HostTensor(Shape.of(1000, 1000), new float[1_000_000]);
    try (LoadedModel model = SavedModels.load(write())) {
      assertFlat(() -> assertTrue(model.predict(batch).values().length > 0));
    }
  }

  @Test
  void writing() throws IOException {
    assertFlat(
        () -> {
          Path version = write();
          Files.delete(version.resolve("variables").resolve("variables.data-00000-of-00001"));
        });
  }
}
