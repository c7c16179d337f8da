package dev.tfgraphs.examples;

import com.google.gson.JsonPrimitive;
import dev.tfgraphs.graphs.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

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

  /** In Python's words where Java has others. */
  static String number(double value) {
    return Double.isNaN(value)
        ? "nan"
        : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
  }
}
