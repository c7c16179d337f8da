package dev.tfgraphs.graphs;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path with places for numbers, in the part of Python's format language that file names need:
 * {@code {epoch:02d}}, {@code {val_loss:.4f}}, {@code {val_loss}}.
 */
record PathTemplate(String text) {
  private static final Pattern PLACE =
      Pattern.compile(
          "\\{(?<name>\\w+)(?::(?<width>\\d+)?(?:\\.(?<digits>\\d+))?(?<kind>[df])?)?}");

  /** Checks the places. */
  PathTemplate {
    String rest = PLACE.matcher(text).replaceAll("");
    if (rest.contains("{") || rest.contains("}")) {
      throw new GraphException(
          "path: expected places such as {epoch:02d} or {val_loss:.4f}, received '" + text + "'");
    }
  }

  /** The names of the numbers that have a place. */
  ImmutableSet<String> names() {
    return PLACE
        .matcher(text)
        .results()
        .map(place -> place.group(1))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** A path in the folder that no number decides on. */
  Path fixed() {
    return Path.of(text.replaceFirst("(?s)\\{.*", "") + "0");
  }

  /** The path with these numbers in their places. */
  String fill(Map<String, Number> numbers) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(filled(place.group(), numbers)));
  }

  private String filled(String group, Map<String, Number> numbers) {
    Matcher place = PLACE.matcher(group);
    if (!place.matches()) {
      throw new IllegalStateException(group);
    }
    Number number = numbers.get(place.group("name"));
    if (number == null) {
      throw new GraphException(
          "path '%s': expected names among %s, received '%s'"
              .formatted(text, numbers.keySet(), place.group("name")));
    }
    String width = Strings.nullToEmpty(place.group("width"));
    String written =
        written(
            number,
            Strings.nullToEmpty(place.group("digits")),
            Strings.nullToEmpty(place.group("kind")));
    return width.isEmpty()
        ? written
        : Strings.padStart(written, Integer.parseInt(width), width.startsWith("0") ? '0' : ' ');
  }

  private String written(Number number, String digits, String kind) {
    boolean whole = number instanceof Integer;
    if (kind.equals("d") && !whole) {
      throw new GraphException(
          "path '%s': expected a whole number for 'd', received %s".formatted(text, number));
    }
    if (kind.equals("f")) {
      return PythonNumbers.fixed(
          number.doubleValue(), digits.isEmpty() ? 6 : Integer.parseInt(digits));
    }
    return whole ? number.toString() : PythonNumbers.of(number.doubleValue());
  }
}
