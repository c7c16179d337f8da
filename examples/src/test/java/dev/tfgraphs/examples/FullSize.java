package dev.tfgraphs.examples;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import dev.tfgraphs.applications.Heads;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Java side of conformance/full_size.py. Each line of the standard input is a command, answered
 * by one line of JSON: {@code network ResNet50} or {@code config FILE} says of what the files are,
 * {@code read PATH} answers what the network predicts with what is there, and {@code write PATH}
 * writes the weights that were read last, of the kind that the name ends with.
 */
public final class FullSize {
  private static final int SIZE = 64;
  private static final int CLASSES = 1000;
  private static final long SHARD = 60_000_000;

  private final float[] image = image();
  private Optional<Trainer> current = Optional.empty();
  private Weights weights = Weights.of(Map.of());

  private FullSize() {}

  /** Answers until the input ends. */
  public static void main(String... arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    FullSize size = new FullSize();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> words = Splitter.on(' ').limit(2).splitToList(line);
      out.println(size.answer(words.get(0), words.get(1)));
    }
    size.current.ifPresent(Trainer::close);
  }

  private String answer(String command, String argument) throws IOException {
    switch (command) {
      case "network" -> begin(network(argument));
      case "config" -> begin(KerasModels.fromJson(Files.readString(Path.of(argument))));
      case "read" -> {
        return Arrays.toString(read(Path.of(argument)).values());
      }
      default -> write(Path.of(argument));
    }
    return "true";
  }

  private static Model network(String name) {
    return KerasResNet.valueOf(Ascii.toUpperCase(name))
        .model(features -> Heads.classifier(features, CLASSES), SIZE, SIZE, 3);
  }

  private void begin(Model model) {
    current.ifPresent(Trainer::close);
    current =
        Optional.of(Trainer.of(model, Compile.of(Optimizer.sgd(0.01), Loss.meanSquaredError())));
  }

  private Trainer trainer() {
    return current.orElseThrow(() -> new IllegalStateException("expected a network first"));
  }

  private HostTensor read(Path path) {
    if (Files.isDirectory(path)) {
      weights = WeightFiles.read(path, trainer().model());
      try (LoadedModel model = SavedModels.load(path)) {
        return model.predict(new HostTensor(Shape.of(1, SIZE, SIZE, 3), image));
      }
    }
    weights = path.toString().endsWith(".keras") ? whole(path) : weights(path);
    trainer().assign(weights);
    return trainer().predict(Dataset.of(Samples.of(image, SIZE, SIZE, 3)));
  }

  private Weights weights(Path path) {
    return WeightFiles.read(path, trainer().model());
  }

  /** The weights of a whole model, which is the network layer by layer. */
  private Weights whole(Path path) {
    KerasModel whole = KerasModels.load(path);
    String expected = trainer().model().summary();
    if (!whole.model().summary().equals(expected)) {
      throw new IllegalStateException(path + ": expected the network, received another");
    }
    return whole.weights();
  }

  private void write(Path path) {
    String name = path.getFileName().toString();
    if (name.endsWith(".keras")) {
      KerasModels.save(path, trainer().model(), weights);
    } else if (name.endsWith(".weights.json")) {
      WeightFiles.writeShards(path, trainer().model(), weights, SHARD);
    } else if (name.contains(".")) {
      WeightFiles.write(path, trainer().model(), weights);
    } else {
      SavedModels.write(path, trainer().model(), weights);
    }
  }

  /** The formula is that of conformance/makers/output.py. */
  private static float[] image() {
    float[] image = new float[SIZE * SIZE * 3];
    for (int i = 0; i < image.length; i++) {
      image[i] = ((7L * i * i + 13L * i) % 101 - 50) / 64f;
    }
    return image;
  }
}
