package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How often images of each class were taken for each class.
 *
 * <p>Precision is which part of the images taken for a class are of it, recall which part of its
 * images were taken for it, F1 their harmonic mean. As in scikit-learn, what has nothing to be
 * measured by is 0.
 */
public final class Confusion {
  private static final int SHOWN = 24;

  private final ImmutableList<String> names;
  private final long[][] counts;

  /** Nothing counted yet, of classes by their labels. */
  public Confusion(List<String> names) {
    this.names = ImmutableList.copyOf(names);
    this.counts = new long[names.size()][names.size()];
  }

  /**
   * Counts an image.
   *
   * @param truth the label of what it shows, from 0
   * @param predicted the label of what it was taken for
   * @throws IllegalArgumentException if there is no class of one of the labels
   */
  public void add(int truth, int predicted) {
    check(truth);
    check(predicted);
    counts[truth][predicted]++;
  }

  private void check(int label) {
    if (label < 0 || label >= names.size()) {
      throw new IllegalArgumentException(
          "confusion: expected a label of 0 or more and less than %d, received %d"
              .formatted(names.size(), label));
    }
  }

  /** {@return the names of the classes, in the order of their labels} */
  public ImmutableList<String> names() {
    return names;
  }

  /**
   * {@return how many images of a class were taken for a class}
   *
   * @throws IllegalArgumentException as {@link #add}
   */
  public long count(int truth, int predicted) {
    check(truth);
    check(predicted);
    return counts[truth][predicted];
  }

  /**
   * {@return how many images of a class there are}
   *
   * @throws IllegalArgumentException if there is no class of the label
   */
  public long images(int label) {
    check(label);
    return Arrays.stream(counts[label]).sum();
  }

  /** {@return how many images there are} */
  public long images() {
    return labels().mapToLong(this::images).sum();
  }

  private IntStream labels() {
    return IntStream.range(0, names.size());
  }

  /** {@return which part of all images was taken for their class, from 0 to 1} */
  public double accuracy() {
    return part(labels().mapToLong(i -> counts[i][i]).sum(), images());
  }

  /**
   * {@return which part of the images taken for a class are of it, from 0 to 1}
   *
   * @throws IllegalArgumentException if there is no class of the label
   */
  public double precision(int label) {
    check(label);
    return part(counts[label][label], takenFor(label));
  }

  /**
   * {@return which part of the images of a class were taken for it, from 0 to 1}
   *
   * @throws IllegalArgumentException if there is no class of the label
   */
  public double recall(int label) {
    check(label);
    return part(counts[label][label], images(label));
  }

  /**
   * {@return the harmonic mean of precision and recall of a class, from 0 to 1}
   *
   * @throws IllegalArgumentException if there is no class of the label
   */
  public double f1(int label) {
    check(label);
    return part(2 * counts[label][label], takenFor(label) + images(label));
  }

  private long takenFor(int label) {
    return labels().mapToLong(i -> counts[i][label]).sum();
  }

  private static double part(long some, long all) {
    return all == 0 ? 0 : (double) some / all;
  }

  /** A line for each class, those with the least F1 first, as far as a terminal takes them. */
  public List<String> lines() {
    int width = Math.max(5, Math.min(32, names.stream().mapToInt(String::length).max().orElse(0)));
    String row = "  %-" + width + "." + width + "s  %9s  %6s  %6s  %6s";
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, row, "Class", "Precision", "Recall", "F1", "Images"));
    labels()
        .boxed()
        .sorted((a, b) -> Double.compare(f1(a), f1(b)))
        .limit(SHOWN)
        .map(
            i ->
                String.format(
                    Locale.ROOT,
                    row,
                    names.get(i),
                    rounded(precision(i)),
                    rounded(recall(i)),
                    rounded(f1(i)),
                    images(i)))
        .forEach(lines::add);
    if (names.size() > SHOWN) {
      lines.add("  ... and " + (names.size() - SHOWN) + " classes with a larger F1");
    }
    return lines;
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Precision, recall, F1 and the number of images of each class, in the order of the labels. */
  public String classesCsv() {
    return csv(
        Stream.concat(
            Stream.of(List.of("class", "precision", "recall", "f1", "images")),
            labels()
                .mapToObj(
                    i ->
                        List.<Object>of(names.get(i), precision(i), recall(i), f1(i), images(i)))));
  }

  /** A row for each class, a column for what its images were taken for. */
  public String csv() {
    List<List<?>> rows = new ArrayList<>();
    rows.add(ImmutableList.<Object>builder().add("class").addAll(names).build());
    labels()
        .forEach(
            i ->
                rows.add(
                    ImmutableList.<Object>builder()
                        .add(names.get(i))
                        .addAll(Longs.asList(counts[i]))
                        .build()));
    return csv(rows.stream());
  }

  private static String csv(Stream<? extends List<?>> rows) {
    return rows.map(
            row -> row.stream().map(Confusion::field).collect(Collectors.joining(",", "", "\n")))
        .collect(Collectors.joining());
  }

  /** As RFC 4180 has it. */
  private static String field(Object value) {
    String text = value.toString();
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
