package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.gson.Gson;
import dev.tfgraphs.applications.TorchResNet;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights as PyTorch names and lays them out are weights of a network that the commands name. */
class TorchFileTest {
  private static final ImmutableMap<String, String> PARAMETERS =
      ImmutableMap.of(
          "kernel", "weight",
          "bias", "bias",
          "gamma", "weight",
          "beta", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  @TempDir private Path folder;

  @Test
  void predictsAsTheSameWeightsByKerasNames() throws IOException {
    Model model = TorchResNet.RESNET18.model();
    Weights weights = drawn(model);
    Path torch = folder.resolve("torch.safetensors");
    writeAsTorch(torch, weights);
    Path keras = folder.resolve("keras.weights.h5");
    WeightFiles.write(keras, model, weights);
    Path image = folder.resolve("image.npy");
    Npy.write(
        image, new HostTensor(Shape.of(1, 224, 224, 3), values(new Random(2), 3 * 224 * 224)));

    HostTensor ofTorch = predicted(torch, image);
    assertEquals(Shape.of(1, 1000), ofTorch.shape());
    assertTrue(ofTorch.values()[0] != ofTorch.values()[1]);
    assertArrayEquals(predicted(keras, image).values(), ofTorch.values());
  }

  private HostTensor predicted(Path weights, Path image) throws IOException {
    Path output = folder.resolve("predictions.npy");
    Cli.run("predict", weights, image, "--model", "torch_resnet18", "--output", output).succeeded();
    return Npy.read(output).toHost();
  }

  private static Weights drawn(Model model) {
    Random random = new Random(1);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (Weight weight : model.weights()) {
      Shape shape = weight.spec().shape();
      float[] values = values(random, Math.toIntExact(shape.elements()));
      if (weight.path().endsWith("moving_variance")) {
        for (int i = 0; i < values.length; i++) {
          values[i] = 1 + Math.abs(values[i]);
        }
      }
      tensors.put(weight.path(), new HostTensor(shape, values));
    }
    return Weights.of(tensors);
  }

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() / 10;
    }
    return values;
  }

  /** As {@code safetensors.torch.save_file(model.state_dict(), file)} does. */
  private static void writeAsTorch(Path file, Weights weights) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    int bytes =
        weights.tensors().values().stream().mapToInt(t -> Float.BYTES * t.values().length).sum();
    ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    weights
        .tensors()
        .forEach(
            (path, tensor) -> {
              int slash = path.lastIndexOf('/');
              HostTensor laidOut = asTorch(tensor);
              int from = data.position();
              for (float value : laidOut.values()) {
                data.putFloat(value);
              }
              header.put(
                  path.substring(0, slash) + "." + PARAMETERS.get(path.substring(slash + 1)),
                  Map.of(
                      "dtype", "F32",
                      "shape", laidOut.shape().toArray(),
                      "data_offsets", List.of(from, data.position())));
            });
    byte[] json = new Gson().toJson(header).getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(json.length).flip();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (ByteBuffer part : List.of(length, ByteBuffer.wrap(json), data.flip())) {
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    }
  }

  /** (height, width, in, out) as (out, in, height, width), and (in, out) as (out, in). */
  private static HostTensor asTorch(HostTensor tensor) {
    Shape shape = tensor.shape();
    if (shape.rank() < 2) {
      return tensor;
    }
    int rank = shape.rank();
    int out = shape.size(rank - 1);
    int in = shape.size(rank - 2);
    int places = tensor.values().length / in / out;
    float[] values = new float[tensor.values().length];
    for (int place = 0; place < places; place++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          values[(o * in + i) * places + place] = tensor.values()[(place * in + i) * out + o];
        }
      }
    }
    return new HostTensor(
        rank == 2 ? Shape.of(out, in) : Shape.of(out, in, shape.size(0), shape.size(1)), values);
  }
}
