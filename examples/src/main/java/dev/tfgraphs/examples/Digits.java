package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The handwritten digits that come with the examples: 1,797 grey images of 8 x 8.
 *
 * <p>Where they come from is said in {@code digits.ATTRIBUTION.txt} beside them. The arrays are
 * shared, not copied.
 */
public final class Digits {

  public static final int SIZE = 8;
  static final int CLASSES = 10;

  /** The value of a pixel that is all ink; paper is 0. */
  public static final int INK = 16;

  private static final int TRAINING = 1437;
  private static final int PIXELS = SIZE * SIZE;
  private static final String RESOURCE = "digits.csv";

  private final byte[] pixels;
  private final int[] labels;

  private Digits(byte[] pixels, int[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The first 1,437 digits. */
  public static Digits train() {
    return load().slice(0, TRAINING);
  }

  /** The last 360 digits. */
  public static Digits test() {
    Digits all = load();
    return all.slice(TRAINING, all.count());
  }

  /** The names of the classes, by label. */
  public static ImmutableList<String> classNames() {
    return IntStream.range(0, CLASSES)
        .mapToObj(Integer::toString)
        .collect(ImmutableList.toImmutableList());
  }

  int count() {
    return labels.length;
  }

  /** The pixels {@code (count, 8, 8, 1)}, unsigned, from 0 to 16. */
  byte[] pixels() {
    return pixels;
  }

  /** The digits {@code (count)}, from 0 to 9. */
  public int[] labels() {
    return labels;
  }

  /** The pixels, uint8 {@code (8, 8, 1)}, and the digits as labels. */
  public Dataset dataset() {
    return Dataset.of(Samples.of(pixels, SIZE, SIZE, 1), Samples.labels(labels));
  }

  /** Those from {@code from} (inclusive) to {@code to} (exclusive), labelled from 0 on. */
  Digits between(int from, int to) {
    Digits some = chosen(rows(label -> label >= from && label < to));
    return new Digits(some.pixels, IntStream.of(some.labels).map(label -> label - from).toArray());
  }

  /** So many of each class, chosen by {@code seed}, class after class. */
  Digits some(int ofEach, long seed) {
    Random random = new Random(seed);
    IntStream.Builder chosen = IntStream.builder();
    for (int wanted : IntStream.of(labels).distinct().sorted().toArray()) {
      List<Integer> rows = new ArrayList<>();
      rows(label -> label == wanted).forEach(rows::add);
      Collections.shuffle(rows, random);
      rows.stream().limit(ofEach).forEach(chosen::add);
    }
    return chosen(chosen.build());
  }

  private IntStream rows(IntPredicate wanted) {
    return IntStream.range(0, count()).filter(row -> wanted.test(labels[row]));
  }

  private Digits chosen(IntStream rows) {
    int[] chosen = rows.toArray();
    byte[] some = new byte[chosen.length * PIXELS];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(pixels, chosen[i] * PIXELS, some, i * PIXELS, PIXELS);
    }
    return new Digits(some, IntStream.of(chosen).map(row -> labels[row]).toArray());
  }

  private Digits slice(int from, int to) {
    return new Digits(
        Arrays.copyOfRange(pixels, from * PIXELS, to * PIXELS),
        Arrays.copyOfRange(labels, from, to));
  }

  private static Digits load() {
    try (InputStream in = Digits.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + ": expected beside the classes, found nothing");
      }
      return parse(
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))
              .lines()
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + ": expected to be readable", e);
    }
  }

  /**
   * Reads lines of 64 pixels and a digit, parted by commas.
   *
   * @throws IllegalArgumentException for the first line that is something else, with its number
   */
  static Digits parse(List<String> lines) {
    byte[] pixels = new byte[lines.size() * PIXELS];
    int[] labels = new int[lines.size()];
    for (int i = 0; i < labels.length; i++) {
      String[] fields = lines.get(i).split(",", -1);
      if (fields.length != PIXELS + 1) {
        throw malformed(i, (PIXELS + 1) + " values", fields.length + " values");
      }
      for (int j = 0; j < PIXELS; j++) {
        pixels[i * PIXELS + j] = (byte) number(i, "pixel", fields[j], INK);
      }
      labels[i] = number(i, "digit", fields[PIXELS], CLASSES - 1);
    }
    return new Digits(pixels, labels);
  }

  private static int number(int line, String what, String field, int most) {
    if (field.matches("\\d{1,2}") && Integer.parseInt(field) <= most) {
      return Integer.parseInt(field);
    }
    throw malformed(line, "a " + what + " from 0 to " + most, "'" + field + "'");
  }

  private static IllegalArgumentException malformed(int line, String expected, String received) {
    return new IllegalArgumentException(
        "%s line %d: expected %s, received %s".formatted(RESOURCE, line + 1, expected, received));
  }
}
