package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** {@code history.csv}, as Keras's CSVLogger writes it (keras/src/callbacks/csv_logger.py). */
final class HistoryFile {
  private static final String LINE_END = "\r\n";

  private HistoryFile() {}

  static void write(Path file, History history) throws IOException {
    StringBuilder text = new StringBuilder("epoch");
    history.metrics().keySet().stream().sorted().forEach(name -> text.append(',').append(name));
    text.append(LINE_END);
    for (int row = 0; row < history.epochs().size(); row++) {
      text.append(history.epochs().get(row)).append(values(history, row)).append(LINE_END);
    }
    Files.writeString(file, text);
  }

  private static String values(History history, int row) {
    return history.metrics().keySet().stream()
        .sorted()
        .map(name -> "," + number(history.get(name).get(row)))
        .collect(Collectors.joining());
  }

  /** In Python's words where Java has others. */
  private static String number(double value) {
    return Double.isNaN(value)
        ? "nan"
        : Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : Double.toString(value);
  }
}
