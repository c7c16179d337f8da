package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The Java side of the conformance of weight files: writes those of a model in every layout into a
 * folder called as the model, with a batch and what the model makes of it.
 */
public final class ConformanceWeights {
  private static final int SAMPLES = 3;

  private ConformanceWeights() {}

  /** Writes into a folder, and prints a line for each model. */
  public static void main(String... args) throws IOException {
    Path folder = Path.of(args[0]);
    for (String name :
        List.of(
            "plain",
            "nested",
            "frozen",
            "shared",
            "inside",
            "normalizing",
            "depthwise",
            "twins",
            "automatic",
            "eleven")) {
      write(Files.createDirectory(folder.resolve(name)), name);
      System.out.println("wrote weights of " + name);
    }
    Hdf5Writer.write(
        folder.resolve("plain/trained.weights.h5"),
        KerasWeights.written(
            WeightFixture.plain(),
            changed("plain"),
            Optional.of(OptimizerVariables.numbered("trained", optimizer()))));
  }

  private static void write(Path folder, String name) throws IOException {
    Model model = WeightFixture.model(name);
    Weights weights = changed(name);
    WeightFiles.write(folder.resolve("current.weights.h5"), model, weights);
    WeightFiles.write(folder.resolve("legacy.h5"), model, weights);
    WeightFiles.writeShards(folder.resolve("shards.weights.json"), model, weights, 500);
    WeightFiles.write(folder.resolve("weights.safetensors"), model, weights);
    WeightFiles.write(folder.resolve("ckpt-1.index"), model, weights);
    Files.write(folder.resolve("names.txt"), model.weights().stream().map(Weight::path).toList());
    Shape shape = model.input().shape().with(0, SAMPLES);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 0.7);
    }
    HostTensor batch = new HostTensor(shape, values);
    String input = model.nameOf(model.input().layer());
    HostTensor output = Reference.outputs(model, weights, ImmutableMap.of(input, batch)).get(0);
    Npy.write(folder.resolve("input.npy"), batch);
    Npy.write(folder.resolve("output.npy"), output);
  }

  /** Other weights than those that Keras begins with; variances stay positive. */
  private static Weights changed(String name) {
    return new Weights(
        ImmutableMap.copyOf(
            Maps.transformValues(
                WeightFixture.weights(name).tensors(), ConformanceWeights::changed)));
  }

  private static HostTensor changed(HostTensor tensor) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.75f * values[i] + 0.125f;
    }
    return new HostTensor(tensor.shape(), values);
  }

  /** A count, a learning rate and momentums, as Keras's SGD keeps them. */
  private static ImmutableList<StoredTensor> optimizer() {
    ImmutableList.Builder<StoredTensor> variables = ImmutableList.builder();
    List<HostTensor> kept = WeightFixture.optimizer();
    variables.add(StoredTensor.of("iteration", (1L << 40) + 1));
    for (HostTensor variable : kept.subList(1, kept.size())) {
      variables.add(StoredTensor.of("variable", changed(variable)));
    }
    return variables.build();
  }
}
