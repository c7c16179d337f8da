package dev.tfgraphs.examples.benchmark;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/** How long a file of a ResNet152 takes to be read into {@code Weights}, and how much memory. */
final class Loading {
  /** The formats of benchmarks/protocol.py. */
  private static final ImmutableList<String> ENDINGS =
      ImmutableList.of(".weights.h5", ".keras", ".safetensors");

  private Loading() {}

  private static Model large() {
    return KerasResNet.RESNET152.model();
  }

  private static Model small() {
    Node image = input(8, 8, 3);
    return Model.of(image, image.to(conv2D(4, 3)).to(batchNormalization()));
  }

  /** Writes {@code large} and {@code small} of every format into a folder. */
  static void write(Path folder) {
    for (String ending : ENDINGS) {
      write(folder.resolve("large" + ending), large());
      write(folder.resolve("small" + ending), small());
    }
  }

  private static void write(Path file, Model model) {
    Random random = new Random(1);
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    for (Weight weight : model.weights()) {
      float[] values = new float[Math.toIntExact(weight.spec().shape().elements())];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.5f + random.nextFloat();
      }
      tensors.put(weight.path(), new HostTensor(weight.spec().shape(), values));
    }
    Weights weights = Weights.of(tensors.buildOrThrow());
    if (file.toString().endsWith(".keras")) {
      KerasModels.save(file, model, weights);
    } else {
      WeightFiles.write(file, model, weights);
    }
  }

  private static Weights read(Path file, Model model) {
    return file.toString().endsWith(".keras")
        ? KerasModels.load(file).weights()
        : WeightFiles.read(file, model);
  }

  /** Reads the large file of a format after the small one, whose classes it shares. */
  static String measure(Path file) throws IOException {
    Path other = file.resolveSibling(file.getFileName().toString().replace("large", "small"));
    int loaded = read(other, small()).tensors().size();
    Model model = large();
    double before = Memory.residentMegabytes();
    Duration cpu = cpu();
    long start = System.nanoTime();
    Weights weights = read(file, model);
    double seconds = (System.nanoTime() - start) / 1e9;
    loaded += weights.tensors().size();
    return String.format(
        Locale.ROOT,
        "{\"seconds\": %.3f, \"cpu_seconds\": %.2f, \"extra_mb\": %.1f, \"file_mb\": %.1f,"
            + " \"weights\": %d}",
        seconds,
        cpu().minus(cpu).toMillis() / 1e3,
        Memory.peakMegabytes() - before,
        Files.size(file) / 0x1p20,
        loaded);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
