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
    return rows.stream().mapToDouble(row -> row.accuracy().getOrDefault(way, 0.0)).toArray();
  }

  double mean(Way way) {
    return Arrays.stream(values(way)).average().orElse(0);
  }

  /** The standard deviation of a sample; 0 of a single one. */
  double deviation(Way way) {
    double mean = mean(way);
    double squares = Arrays.stream(values(way)).map(value -> (value - mean) * (value - mean)).sum();
    return rows.size() == 1 ? 0 : Math.sqrt(squares / (rows.size() - 1));
  }

  /** How much more the last way gets right than the first, which knows nothing, in points. */
  double gain() {
    return 100 * (mean(ways().get(ways().size() - 1)) - mean(Way.FROM_SCRATCH));
  }

  /** For a reader who wants one number. */
  String brought() {
    return String.format(Locale.ROOT, "Transfer brought %+.1f points.", gain());
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
    String row = "  %-26s  %8s  %9s  %8s  %8s";
    List<String> lines = new ArrayList<>();
    lines.add(title() + ":");
    lines.add(String.format(Locale.ROOT, row, "", "mean", "deviation", "least", "most"));
    for (Way way : ways()) {
      lines.add(String.format(Locale.ROOT, row, cells(way)));
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
      percent(sorted[sorted.length - 1])
    };
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  String markdown() {
    String rows =
        ways().stream()
            .map(way -> String.format(Locale.ROOT, "| %s | %s | %s | %s | %s |%n", cells(way)))
            .collect(Collectors.joining());
    return title()
        + "\n\n| | mean | deviation | least | most |\n|---|---|---|---|---|\n"
        + rows.replace(System.lineSeparator(), "\n")
        + "\n"
        + brought()
        + "\n";
  }

  String csv() {
    String header =
        ways().stream().map(way -> "," + way.column).collect(Collectors.joining("", "seed", "\n"));
    return header
        + rows.stream()
            .map(
                row ->
                    row.accuracy().values().stream()
                        .map(value -> "," + value)
                        .collect(Collectors.joining("", Long.toString(row.seed()), "\n")))
            .collect(Collectors.joining());
  }
}
