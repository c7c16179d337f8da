package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SavedModel needs nothing of the process that wrote it. */
class AnotherProcessTest {
  @TempDir Path folder;

  @Test
  void anotherProcessPredictsTheSame() throws Exception {
    for (Specimen specimen : Specimen.all()) {
      SavedModels.write(folder.resolve(specimen.name()), specimen.model(), specimen.weights());
    }
    predictElsewhere();
    for (Specimen specimen : Specimen.all()) {
      ImmutableList<HostTensor> expected =
          Reference.outputs(specimen.model(), specimen.weights(), specimen.batch());
      assertTrue(expected.size() > 0);
      for (int i = 0; i < expected.size(); i++) {
        Path output = output(folder, specimen, OutputNames.of(specimen.model()).get(i));
        HostTensor actual = Npy.read(output);
        assertEquals(expected.get(i).shape(), actual.shape());
        assertArrayEquals(expected.get(i).values(), actual.values(), 1e-6f, output.toString());
      }
    }
  }

  private void predictElsewhere() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    String unpacked = System.getProperty("org.bytedeco.javacpp.cachedir", "");
    if (!unpacked.isEmpty()) {
      command.add("-Dorg.bytedeco.javacpp.cachedir=" + unpacked);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(AnotherProcessTest.class.getName(), folder.toString()));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the other process did not end");
      assertEquals(0, process.exitValue(), () -> read(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "and its log cannot be read: " + e;
    }
  }

  /** What the other process does: predicts from the batch of every specimen. */
  public static void main(String... args) throws IOException {
    Path folder = Path.of(args[0]);
    for (Specimen specimen : Specimen.all()) {
      try (LoadedModel model = SavedModels.load(folder.resolve(specimen.name()))) {
        for (var output : model.predict(specimen.batch()).entrySet()) {
          Npy.write(output(folder, specimen, output.getKey()), output.getValue());
        }
      }
    }
  }

  private static Path output(Path folder, Specimen specimen, String name) {
    return folder.resolve(specimen.name() + "." + name + ".npy");
  }
}
