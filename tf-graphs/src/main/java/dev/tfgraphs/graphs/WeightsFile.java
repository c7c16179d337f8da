package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Shape;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights in a file of our own, for what a callback keeps between two runs of a program. */
final class WeightsFile {
  private WeightsFile() {}

  static void write(Path file, Weights weights) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(weights.tensors().size());
      for (var entry : weights.tensors().entrySet()) {
        out.writeUTF(entry.getKey());
        int[] sizes = entry.getValue().shape().toArray();
        out.writeInt(sizes.length);
        for (int size : sizes) {
          out.writeInt(size);
        }
        for (float value : entry.getValue().values()) {
          out.writeFloat(value);
        }
      }
    }
  }

  static Weights read(Path file) throws IOException {
    ImmutableMap.Builder<String, HostTensor> tensors = ImmutableMap.builder();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (int left = in.readInt(); left > 0; left--) {
        tensors.put(in.readUTF(), tensor(in));
      }
    }
    return new Weights(tensors.buildOrThrow());
  }

  private static HostTensor tensor(DataInputStream in) throws IOException {
    int[] sizes = new int[in.readInt()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = in.readInt();
    }
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readFloat();
    }
    return new HostTensor(shape, values);
  }
}
