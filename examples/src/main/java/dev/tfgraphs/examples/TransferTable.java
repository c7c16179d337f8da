package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Test accuracies of several seeds, for each way to learn from few examples. */
final class TransferTable {
  /** How a network comes to know new digits. */
  enum Way {
    FROM_SCRATCH("from scratch", "from_scratch"),
    NEW_HEAD("new head on frozen layers", "new_head"),
    FINE_TUNED("the same, fine-tuned", "fine_tuned");

    private final String title;
    private final String column;

    Way(String title, String column) {
      this.title = title;
      this.column = column;
    }

    String title() {
      return title;
    }
  }

  /**
   * What one seed led to.
   *
   * @param accuracy from 0 to 1, the same ways in each row
   */
  record Row(long seed, ImmutableMap<Way, Double> accuracy) {
    static Row of(long seed, Map<Way, Double> accuracy) {
      return new Row(seed, Maps.immutableEnumMap(accuracy));
    }

    private double of(Way way) {
      return accuracy.getOrDefault(way, 0.0);
    }

    /** How much more {@code way} gets right than what starts from nothing. */
    private double over(Way way) {
      return of(way) - of(Way.FROM_SCRATCH);
    }

    @Override
    public String toString() {
      return accuracy.entrySet().stream()
          .map(entry -> entry.getKey().title + " " + percent(entry.getValue()))
          .collect(Collectors.joining(", ", "Seed " + seed + ": ", ""));
    }
  }

  private final ImmutableList<Row> rows;

  /** Of one row or more. */
  TransferTable(List<Row> rows) {
    this.rows = ImmutableList.copyOf(rows);
  }

  ImmutableList<Way> ways() {
    return rows.get(0).accuracy().keySet().asList();
  }

  /** The accuracies of a way, in the order of the seeds. */
  double[] values(Way way) {
    return rows.stream().mapToDouble(row -> row.of(way)).toArray();
  }

  double mean(Way way) {
    return mean(values(way));
  }

  /** The standard deviation of a sample; 0 of a single one. */
  double deviation(Way way) {
    return deviation(values(way));
  }

  /**
   * How much more a way gets right than the first, which knows nothing, in points: seed by seed,
   * since all ways of a seed learn from the same examples.
   */
  private double[] gains(Way way) {
    return rows.stream().mapToDouble(row -> 100 * row.over(way)).toArray();
  }

  /** The mean of these points, and their standard deviation where there are several seeds. */
  String gain(Way way) {
    double[] gains = gains(way);
    return rows.size() == 1
        ? String.format(Locale.ROOT, "%+.1f", mean(gains))
        : String.format(Locale.ROOT, "%+.1f ± %.1f", mean(gains), deviation(gains));
  }

  /** For a reader who wants one number. */
  String brought() {
    return "Transfer brought " + gain(ways().get(ways().size() - 1)) + " points.";
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
  }

  String title() {
    return String.format(
        Locale.ROOT,
        "Test accuracy on the digits 5 to 9 after 10 examples each (%d %s)",
        rows.size(),
        rows.size() == 1 ? "seed" : "seeds");
  }

  /** For a terminal. */
  List<String> lines() {
    String row = "  %-26s  %8s  %9s  %8s  %8s  %12s";
    List<String> lines = new ArrayList<>();
    lines.add(title() + ":");
    lines.add(
        String.format(Locale.ROOT, row, "", "mean", "deviation", "least", "most", "over scratch"));
    for (Way way : ways()) {
      lines.add(String.format(Locale.ROOT, row, cells(way)).stripTrailing());
    }
    lines.add(brought());
    return lines;
  }

  private Object[] cells(Way way) {
    double[] sorted = Arrays.stream(values(way)).sorted().toArray();
    return new Object[] {
      way.title,
      percent(mean(way)),
      rows.size() == 1 ? "-" : String.format(Locale.ROOT, "%.1f", 100 * deviation(way)),
      percent(sorted[0]),
      percent(sorted[sorted.length - 1]),
      way == Way.FROM_SCRATCH ? "" : gain(way)
    };
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  String markdown() {
    String rows =
        ways().stream()
            .map(way -> String.format(Locale.ROOT, "| %s | %s | %s | %s | %s | %s |%n", cells(way)))
            .collect(Collectors.joining());
    return title()
        + "\n\n| | mean | deviation | least | most | over scratch |\n|---|---|---|---|---|---|\n"
        + rows.replace(System.lineSeparator(), "\n")
        + "\n"
        + brought()
        + "\n";
  }

  /** A row for each seed: what every way got right, then how much more that is than the first. */
  String csv() {
    List<Way> others = ways().subList(1, ways().size());
    Stream<String> titles =
        Stream.concat(
            ways().stream().map(way -> way.column),
            others.stream().map(way -> way.column + "_over_scratch"));
    StringBuilder csv = new StringBuilder("seed");
    titles.forEach(title -> csv.append(',').append(title));
    for (Row row : rows) {
      csv.append('\n').append(row.seed());
      row.accuracy().values().forEach(value -> csv.append(',').append(value));
      others.forEach(way -> csv.append(',').append(row.over(way)));
    }
    return csv.append('\n').toString();
  }
}
