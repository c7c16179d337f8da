package dev.tfgraphs.ops;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A table drawn as Python's package rich draws it for Keras: heavy lines around the header, light
 * ones between rows, and what is too long for its column wrapped at blanks or cut.
 */
final class TextTable {
  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*");

  /** Where a text stands in its column. */
  enum Justify {
    LEFT,
    CENTER,
    RIGHT;

    String fill(String text, int width) {
      return switch (this) {
        case LEFT -> Strings.padEnd(text, width, ' ');
        case RIGHT -> Strings.padStart(text, width, ' ');
        case CENTER -> Strings.padEnd(" ".repeat((width - text.length()) / 2) + text, width, ' ');
      };
    }
  }

  /** A column; a blank at either side is not part of its width. */
  record Column(String header, Justify justify, int width) {
    List<String> cell(String text) {
      return wrap(text, width, false).stream()
          .map(line -> justify == Justify.LEFT ? line : line.stripTrailing())
          .map(line -> line.length() > width ? line.substring(0, width - 1) + "…" : line)
          .map(line -> justify.fill(line, width))
          .toList();
    }
  }

  private final ImmutableList<Column> columns;

  TextTable(List<Column> columns) {
    this.columns = ImmutableList.copyOf(columns);
  }

  /** The lines of the table with these rows, one text for each column. */
  ImmutableList<String> lines(List<? extends List<String>> rows) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    lines.add(rule("┏", "━", "┳", "┓"));
    lines.addAll(header());
    lines.add(rule("┡", "━", "╇", "┩"));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        lines.add(rule("├", "─", "┼", "┤"));
      }
      lines.addAll(row(rows.get(i)));
    }
    return lines.add(rule("└", "─", "┴", "┘")).build();
  }

  private String rule(String left, String line, String between, String right) {
    return columns.stream()
        .map(column -> line.repeat(column.width + 2))
        .collect(Collectors.joining(between, left, right));
  }

  /** A header stands at the bottom of its row. */
  private List<String> header() {
    List<List<String>> cells = cells(columns.stream().map(Column::header).toList());
    int height = height(cells);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      int line = i;
      lines.add(line(cells, cell -> line - height + cell.size(), "┃"));
    }
    return lines;
  }

  private List<String> row(List<String> texts) {
    List<List<String>> cells = cells(texts);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < height(cells); i++) {
      int line = i;
      lines.add(line(cells, cell -> line, "│"));
    }
    return lines;
  }

  private List<List<String>> cells(List<String> texts) {
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(columns.get(i).cell(texts.get(i)));
    }
    return cells;
  }

  private static int height(List<List<String>> cells) {
    return cells.stream().mapToInt(List::size).max().orElse(0);
  }

  private String line(List<List<String>> cells, ToIntFunction<List<String>> index, String border) {
    StringBuilder line = new StringBuilder(border);
    for (int i = 0; i < columns.size(); i++) {
      List<String> cell = cells.get(i);
      int at = index.applyAsInt(cell);
      String text = at >= 0 && at < cell.size() ? cell.get(at) : " ".repeat(columns.get(i).width);
      line.append(' ').append(text).append(' ').append(border);
    }
    return line.toString();
  }

  /**
   * Breaks a text at blanks. A word that is longer than a line starts on a new one and is broken
   * anywhere with {@code fold}, or else stays too long.
   */
  static ImmutableList<String> wrap(String text, int width, boolean fold) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    int begin = 0;
    for (int end : breaks(text, width, fold)) {
      lines.add(withoutExcessBlanks(text.substring(begin, end), width));
      begin = end;
    }
    return lines.add(withoutExcessBlanks(text.substring(begin), width)).build();
  }

  private static List<Integer> breaks(String text, int width, boolean fold) {
    List<Integer> breaks = new ArrayList<>();
    int used = 0;
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      String word = words.group();
      int length = word.stripTrailing().length();
      int start = words.start();
      if (length <= width - used) {
        used += word.length();
        continue;
      }
      if (start > 0 && (length > width || used > 0)) {
        breaks.add(start);
      }
      used = word.length();
      while (fold && length > width && used > width) {
        start += width;
        used -= width;
        breaks.add(start);
      }
    }
    return breaks;
  }

  private static String withoutExcessBlanks(String line, int width) {
    int end = line.length();
    while (end > width && Character.isWhitespace(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end);
  }
}
