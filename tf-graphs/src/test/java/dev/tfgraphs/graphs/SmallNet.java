package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;

/** The data of the training fixtures, by the formulas of conformance/makers/small_net.py. */
final class SmallNet {
  private SmallNet() {}

  static float[] images(int count) {
    float[] x = new float[count * 8 * 8 * 3];
    for (long i = 0; i < x.length; i++) {
      x[(int) i] = (float) ((7 * i * i + 13 * i) % 251 / 251.0);
    }
    return x;
  }

  static ArrayDataset data(int count, String targets) {
    return Dataset.of(Samples.of(images(count), 8, 8, 3), targets(count, targets));
  }

  private static Samples targets(int count, String kind) {
    return switch (kind) {
      case "class" -> Samples.labels(classes(count, 4));
      case "one_hot" -> Samples.of(oneHot(count), 4);
      case "bit" -> Samples.of(floats(classes(count, 2)), 1);
      case "values" -> Samples.of(values(count), 2);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static int[] classes(int count, int classes) {
    int[] y = new int[count];
    for (int i = 0; i < count; i++) {
      y[i] = i % classes;
    }
    return y;
  }

  private static float[] oneHot(int count) {
    float[] y = new float[count * 4];
    for (int i = 0; i < count; i++) {
      y[i * 4 + i % 4] = 1;
    }
    return y;
  }

  static float[] values(int count) {
    float[] y = new float[count * 2];
    for (int i = 0; i < y.length; i++) {
      y[i] = (3 * (i / 2) + i % 2) % 5 / 4f;
    }
    return y;
  }

  private static float[] floats(int[] integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }
}
