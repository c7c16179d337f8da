package dev.tfgraphs.examples.benchmark;

import static dev.tfgraphs.applications.ResNets.resNet18;
import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.Random;

/**
 * What is measured; the rows are those of benchmarks/protocol.py.
 *
 * @param size height and width of an image
 * @param batch images a step
 */
record Workload(Kind kind, int size, int batch, int classes) {
  /** What a step is. */
  enum Kind {
    /** A step of {@code fit}. */
    TRAIN,
    /** A batch of {@code predict}. */
    INFER,
    /** A run of a session, without a trainer. */
    BARE,
    /** A step of {@code fit} with five metrics and three callbacks. */
    FIT,
    /** The same with clipped gradients, averaged weights and a rate on a schedule. */
    FIT_ALL
  }

  private static final ImmutableMap<String, Workload> ALL =
      ImmutableMap.<String, Workload>builder()
          .put("train-224", large(Kind.TRAIN))
          .put("train-32", small(Kind.TRAIN))
          .put("infer-224", large(Kind.INFER))
          .put("infer-32", small(Kind.INFER))
          .put("loop-224/bare", large(Kind.BARE))
          .put("loop-224/fit", large(Kind.FIT))
          .put("loop-224/fit-all", large(Kind.FIT_ALL))
          .put("loop-32/bare", small(Kind.BARE))
          .put("loop-32/fit", small(Kind.FIT))
          .put("loop-32/fit-all", small(Kind.FIT_ALL))
          .buildOrThrow();

  private static Workload large(Kind kind) {
    return new Workload(kind, 224, 16, 1000);
  }

  private static Workload small(Kind kind) {
    return new Workload(kind, 32, 64, 10);
  }

  static Workload of(String name) {
    Workload workload = ALL.get(name);
    if (workload == null) {
      throw new IllegalArgumentException(
          "workload: expected one of " + ALL.keySet() + ", received " + name);
    }
    return workload;
  }

  Model model() {
    Node images = input(size, size, 3);
    return Model.of(images, resNet18(images, classes));
  }

  /** So many batches, in memory; the targets are class numbers, for the loops one-hot rows. */
  Dataset data(int steps) {
    int count = steps * batch;
    Random random = new Random(0);
    float[] images = new float[count * size * size * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    int[] labels = random.ints(count, 0, classes).toArray();
    return Dataset.of(
        Samples.of(images, size, size, 3),
        switch (kind) {
          case TRAIN, INFER -> Samples.labels(labels);
          case BARE, FIT, FIT_ALL -> Samples.of(oneHot(labels), classes);
        });
  }

  private float[] oneHot(int[] labels) {
    float[] rows = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      rows[i * classes + labels[i]] = 1;
    }
    return rows;
  }
}
