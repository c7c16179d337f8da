package dev.tfgraphs.examples.benchmark;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * What is measured; benchmarks/protocol.py has the rows, and says them as {@link #of} reads them.
 *
 * @param network a name that {@code models} lists
 * @param size height and width of an image
 * @param batch images a step
 */
public record Workload(
    Kind kind, String network, int size, int batch, int classes, Precision precision) {
  /** What a step is. */
  public enum Kind {
    /** A step of {@code fit} on arrays. */
    TRAIN,
    /** A batch of {@code predict}. */
    PREDICT,
    /** A batch through a {@code Predictor}. */
    INFER,
    /** A run of a session, without a trainer. */
    BARE,
    /** A step of {@code fit} with five metrics and three callbacks. */
    FIT,
    /** The same with clipped gradients, averaged weights and a rate on a schedule. */
    FIT_ALL,
    /** A step of {@code fit} on the files of a folder. */
    FOLDER,
    /** A step of {@code fit} on the same images, kept in memory. */
    CACHED
  }

  private static final String FORM = "KIND/NETWORK/SIZE/BATCH/CLASSES/PRECISION";
  private static final int PARTS = 6;
  private static final int COLOURS = 3;

  private static final ImmutableMap<String, NamedNetwork> NETWORKS =
      Maps.uniqueIndex(NamedNetwork.all(), NamedNetwork::name);
  private static final ImmutableMap<String, Kind> KINDS =
      Maps.uniqueIndex(
          Arrays.asList(Kind.values()), kind -> Ascii.toLowerCase(kind.name()).replace('_', '-'));
  private static final ImmutableMap<String, Precision> PRECISIONS =
      Maps.uniqueIndex(Arrays.asList(Precision.values()), Precision::policy);

  /**
   * Reads {@code train/resnet18/224/16/1000/float32}.
   *
   * @throws IllegalArgumentException if a part is missing or is not one that there is
   */
  public static Workload of(String text) {
    List<String> parts = Splitter.on('/').splitToList(text);
    if (parts.size() != PARTS) {
      throw new IllegalArgumentException("workload: expected " + FORM + ", received " + text);
    }
    chosen("network", NETWORKS, parts.get(1));
    return new Workload(
        chosen("kind", KINDS, parts.get(0)),
        parts.get(1),
        number("size", parts.get(2)),
        number("batch", parts.get(3)),
        number("classes", parts.get(4)),
        chosen("precision", PRECISIONS, parts.get(5)));
  }

  private static <T> T chosen(String part, ImmutableMap<String, T> all, String name) {
    return Optional.ofNullable(all.get(name))
        .orElseThrow(() -> refused(part, "one of " + all.keySet(), name));
  }

  private static int number(String part, String text) {
    return Optional.of(text)
        .filter(digits -> digits.matches("[1-9]\\d{0,6}"))
        .map(Integer::valueOf)
        .orElseThrow(() -> refused(part, "a whole number of 1 or more", text));
  }

  private static IllegalArgumentException refused(String part, String expected, String received) {
    return new IllegalArgumentException(
        "workload: expected as its " + part + " " + expected + ", received " + received);
  }

  /** {@return its network} */
  public Model model() {
    NamedNetwork named = Optional.ofNullable(NETWORKS.get(network)).orElseThrow();
    return named.model(classes, size, size, COLOURS);
  }

  /**
   * {@return so many batches; the targets are class numbers, for the loops one-hot rows}
   *
   * @param steps how many; the images of a folder are made here
   */
  public Dataset data(int steps) {
    int count = steps * batch;
    return switch (kind) {
      case FOLDER -> photographs(count);
      case CACHED -> photographs(count).cache();
      case TRAIN, PREDICT, INFER -> noise(count, Samples::labels);
      case BARE, FIT, FIT_ALL -> noise(count, labels -> Samples.of(oneHot(labels), classes));
    };
  }

  private Dataset noise(int count, Function<int[], Samples> targets) {
    int[] labels = new Random(0).ints(count, 0, classes).toArray();
    return Dataset.of(Samples.of(images(count), size, size, COLOURS), targets.apply(labels));
  }

  /** So many images of noise from 0 to 1, {@code (count, size, size, 3)}. */
  float[] images(int count) {
    Random random = new Random(0);
    float[] images = new float[count * size * size * COLOURS];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    return images;
  }

  private Images photographs(int count) {
    return Images.folder(Photographs.folder(count, size, classes), size, size);
  }

  private float[] oneHot(int[] labels) {
    float[] rows = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      rows[i * classes + labels[i]] = 1;
    }
    return rows;
  }
}
