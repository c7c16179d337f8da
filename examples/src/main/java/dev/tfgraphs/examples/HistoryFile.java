package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import com.google.gson.JsonPrimitive;
import dev.tfgraphs.graphs.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a fit reported, as Python writes it. */
final class HistoryFile {
  /** As Python's {@code csv} ends lines. */
  static final String LINE_END = "\r\n";

  private HistoryFile() {}

  /** Writes what Keras's CSVLogger writes (keras/src/callbacks/csv_logger.py). */
  static void write(Path file, History history) throws IOException {
    StringBuilder text = new StringBuilder("epoch");
    history.metrics().keySet().stream().sorted().forEach(name -> text.append(',').append(name));
    text.append(LINE_END);
    for (int row = 0; row < history.epochs().size(); row++) {
      text.append(history.epochs().get(row)).append(values(history, row)).append(LINE_END);
    }
    Files.writeString(file, text);
  }

  /** Keras's {@code history.history} as {@code json.dump} writes it, with NaN and Infinity. */
  static String json(History history) {
    return history.metrics().entrySet().stream()
        .map(metric -> "  " + new JsonPrimitive(metric.getKey()) + ": " + metric.getValue())
        .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
  }

  private static String values(History history, int row) {
    return history.metrics().keySet().stream()
        .sorted()
        .map(name -> "," + number(history.get(name).get(row)))
        .collect(Collectors.joining());
  }

  /**
   * What {@link #write} wrote.
   *
   * @throws CommandException if it cannot be read, or is something else
   */
  static History read(Path file) {
    List<List<String>> rows;
    try (Stream<String> lines = Files.lines(file)) {
      rows = lines.map(line -> List.of(line.split(",", -1))).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException(file + ": expected to be read, received " + e.getMessage(), e);
    }
    List<String> names = rows.isEmpty() ? List.of() : rows.get(0);
    ImmutableMap.Builder<String, ImmutableList<Double>> metrics = ImmutableMap.builder();
    for (int column = 1; column < names.size(); column++) {
      metrics.put(names.get(column), column(file, rows, column));
    }
    ImmutableList<Integer> epochs =
        column(file, rows, 0).stream()
            .map(Double::intValue)
            .collect(ImmutableList.toImmutableList());
    return new History(epochs, metrics.buildOrThrow());
  }

  private static ImmutableList<Double> column(Path file, List<List<String>> rows, int column) {
    ImmutableList.Builder<Double> values = ImmutableList.builder();
    for (int line = 1; line < rows.size(); line++) {
      List<String> row = rows.get(line);
      String text = column < row.size() ? row.get(column) : "";
      String where =
          file + ": expected a number as '" + rows.get(0).get(column) + "' in line " + (line + 1);
      values.add(
          value(text).orElseThrow(() -> new CommandException(where + ", received '" + text + "'")));
    }
    return values.build();
  }

  private static Optional<Double> value(String text) {
    return switch (text) {
      case "nan" -> Optional.of(Double.NaN);
      case "inf" -> Optional.of(Double.POSITIVE_INFINITY);
      case "-inf" -> Optional.of(Double.NEGATIVE_INFINITY);
      default -> Optional.ofNullable(Doubles.tryParse(text));
    };
  }

  /** In Python's words where Java has others. */
  static String number(double value) {
    return Double.isNaN(value)
        ? "nan"
        : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
  }
}
