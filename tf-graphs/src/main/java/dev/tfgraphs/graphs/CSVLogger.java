package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the logs of each epoch as a line of a file (keras/src/callbacks/csv_logger.py): the epoch,
 * counted from 0, and what the first epoch has logged, by name; {@code NA} for what is missing.
 * Each setting returns another callback.
 */
public final class CSVLogger implements AnnouncedLogs {
  private final Path path;
  private final String separator;
  private final boolean append;

  private Journal journal;
  private ImmutableList<String> columns = ImmutableList.of();

  private CSVLogger(Path path, String separator, boolean append) {
    this.path = path;
    this.separator = separator;
    this.append = append;
    this.journal = Journal.anew(path);
  }

  /** {@return a callback that writes {@code file} anew, separated by commas} */
  public static CSVLogger to(Path file) {
    return new CSVLogger(file, ",", false);
  }

  /**
   * {@return this callback with another character between values}
   *
   * @throws GraphException if it is not one character
   */
  public CSVLogger separator(String separator) {
    if (separator.length() != 1) {
      throw new GraphException(
          "csv logger: expected one character as separator, received '" + separator + "'");
    }
    return new CSVLogger(path, separator, append);
  }

  /** {@return this callback going on behind what the file holds, or, by default, not} */
  public CSVLogger append(boolean append) {
    return new CSVLogger(path, separator, append);
  }

  @Override
  public void trainBegin(Fit fit) {
    journal = append ? Journal.after(path) : Journal.anew(path);
    journal.tryWriting();
    columns = ImmutableList.of();
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    Scores logs = fit.logs();
    String header = "";
    if (columns.isEmpty()) {
      columns = columns(logs);
      header =
          journal.length() == 0 ? line(Stream.concat(Stream.of("epoch"), columns.stream())) : "";
    }
    Stream<String> values =
        columns.stream().map(name -> logs.has(name) ? PythonNumbers.of(logs.get(name)) : "NA");
    String line = line(Stream.concat(Stream.of(Integer.toString(epoch)), values));
    journal.write((header + line).getBytes(StandardCharsets.UTF_8));
  }

  /** A first epoch that is not judged leaves room for those that are. */
  private static ImmutableList<String> columns(Scores logs) {
    List<String> names = logs.asMap().keySet().stream().sorted().toList();
    return names.stream().anyMatch(name -> name.startsWith("val_"))
        ? ImmutableList.copyOf(names)
        : Streams.concat(names.stream(), names.stream().map(name -> "val_" + name))
            .collect(ImmutableList.toImmutableList());
  }

  private String line(Stream<String> values) {
    return line(values, separator);
  }

  /** As Python's {@code csv} writes it. */
  static String line(Stream<String> values, String separator) {
    return values.map(value -> quoted(value, separator)).collect(Collectors.joining(separator))
        + "\r\n";
  }

  private static String quoted(String value, String separator) {
    boolean special =
        value.contains(separator)
            || value.chars().anyMatch(c -> c == '"' || c == '\r' || c == '\n');
    return special ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  @Override
  public void save(Path folder) throws IOException {
    Memory memory = Memory.empty().put("length", journal.length()).put("columns", columns.size());
    IntStream.range(0, columns.size()).forEach(i -> memory.put("column-" + i, columns.get(i)));
    memory.saveIn(folder);
  }

  @Override
  public void restore(Path folder) throws IOException {
    Memory memory = Memory.in(folder);
    journal = Journal.at(path, memory.number("length"));
    columns =
        IntStream.range(0, memory.integer("columns"))
            .mapToObj(i -> memory.text("column-" + i))
            .collect(ImmutableList.toImmutableList());
  }
}
