package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Stats;
import dev.tfgraphs.graphs.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came of networks, in text. */
final class ComparisonTable {
  private static final String ROW = "%-24s %5s %12s %15s %8s %8s%s";
  private static final ImmutableList<String> COLUMNS =
      ImmutableList.of("loss", "accuracy", "val_loss", "val_accuracy");

  private ComparisonTable() {}

  /** A line of titles, and one for each network. */
  static List<String> lines(List<Standing> standings) {
    List<String> lines = new ArrayList<>();
    lines.add(row("variant", "depth", "parameters", "test accuracy", "best", "seconds", ""));
    standings.forEach(standing -> lines.add(line(standing)));
    return lines;
  }

  private static String line(Standing standing) {
    boolean any = standing.accuracy().isPresent();
    return row(
        standing.subject().variant().name(),
        standing.subject().depth(),
        formatted("%,d", standing.parameters()),
        standing.accuracy().map(ComparisonTable::accuracy).orElse("-"),
        any ? formatted("%.2f %%", 100 * standing.best()) : "-",
        formatted("%.1f", standing.seconds()),
        standing.diverged() == 0
            ? ""
            : "   " + standing.diverged() + " of " + standing.runs().size() + " diverged");
  }

  /** The mean and, where there are several, the standard deviation of the sample. */
  private static String accuracy(Stats runs) {
    return runs.count() == 1
        ? formatted("%.2f %%", 100 * runs.mean())
        : formatted("%.2f ± %.2f %%", 100 * runs.mean(), 100 * runs.sampleStandardDeviation());
  }

  private static String row(Object... cells) {
    return formatted(ROW, cells).stripTrailing();
  }

  private static String formatted(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Every finished epoch of every run, counted from 0 as in {@code history.csv}. */
  static String csv(List<Standing> standings) {
    StringBuilder text = new StringBuilder("variant,depth,seed,epoch,");
    text.append(String.join(",", COLUMNS)).append(HistoryFile.LINE_END);
    for (Standing standing : standings) {
      for (Standing.Run run : standing.runs()) {
        History history = run.history();
        for (int epoch = 0; epoch < history.epochs().size(); epoch++) {
          text.append(standing.subject().variant().name())
              .append(',')
              .append(standing.subject().depth())
              .append(',')
              .append(run.seed())
              .append(',')
              .append(history.epochs().get(epoch));
          for (String column : COLUMNS) {
            text.append(',').append(HistoryFile.number(history.get(column).get(epoch)));
          }
          text.append(HistoryFile.LINE_END);
        }
      }
    }
    return text.toString();
  }
}
