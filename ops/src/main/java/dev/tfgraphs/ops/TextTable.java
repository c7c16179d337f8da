package dev.tfgraphs.ops;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
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
    lines.addAll(row(columns.stream().map(Column::header).toList(), "┃"));
    lines.add(rule("┡", "━", "╇", "┩"));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0) {
        lines.add(rule("├", "─", "┼", "┤"));
      }
      lines.addAll(row(rows.get(i), "│"));
    }
    return lines.add(rule("└", "─", "┴", "┘")).build();
  }

  private String rule(String left, String line, String between, String right) {
    return columns.stream()
        .map(column -> line.repeat(column.width + 2))
        .collect(Collectors.joining(between, left, right));
  }

  private List<String> row(List<String> texts, String border) {
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      cells.add(columns.get(i).cell(texts.get(i)));
    }
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < height; i++) {
      lines.add(line(cells, i, border));
    }
    return lines;
  }

  private String line(List<List<String>> cells, int index, String border) {
    StringBuilder line = new StringBuilder(border);
    for (int i = 0; i < columns.size(); i++) {
      List<String> cell = cells.get(i);
      String text = index < cell.size() ? cell.get(index) : " ".repeat(columns.get(i).width);
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
