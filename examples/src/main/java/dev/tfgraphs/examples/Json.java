package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes maps, lists, texts, numbers and truth values as JSON, and reads a little of it. */
final class Json {
  private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";

  /** A name with a text, number or truth value, after the one before. */
  private static final Pattern ENTRY =
      Pattern.compile("\\G[\\s,]*" + TEXT + "\\s*:\\s*(?:" + TEXT + "|([\\w.+-]+))");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  private Json() {}

  /**
   * The entries of the object called {@code name} in {@code text}, up to the first that is a list
   * or an object; empty if there is none.
   */
  static ImmutableMap<String, String> entries(String text, String name) {
    Matcher start = Pattern.compile("\"" + Pattern.quote(name) + "\"\\s*:\\s*\\{").matcher(text);
    ImmutableMap.Builder<String, String> entries = ImmutableMap.builder();
    if (start.find()) {
      Matcher entry = ENTRY.matcher(text).region(start.end(), text.length());
      while (entry.find()) {
        String value = entry.group(2) == null ? entry.group(3) : unescaped(entry.group(2));
        entries.put(unescaped(entry.group(1)), value);
      }
    }
    return entries.buildKeepingLast();
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape -> {
              String after = escape.group(1);
              return Matcher.quoteReplacement(
                  switch (after.charAt(0)) {
                    case 'u' ->
                        after.length() > 1
                            ? Character.toString(Integer.parseInt(after.substring(1), 16))
                            : after;
                    case 'n' -> "\n";
                    case 't' -> "\t";
                    default -> after;
                  });
            });
  }

  /** The text, with a line for each entry of the outer two levels. */
  static String text(Map<String, ?> object) {
    return object(object, "  ") + "\n";
  }

  private static String object(Map<?, ?> object, String indent) {
    return object.entrySet().stream()
        .map(
            entry ->
                indent + string(entry.getKey().toString()) + ": " + value(entry.getValue(), indent))
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent.substring(2) + "}"));
  }

  private static String value(Object value, String indent) {
    if (value instanceof Map<?, ?> map) {
      return object(map, indent + "  ");
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> value(element, indent))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Boolean
        || (value instanceof Number number && Double.isFinite(number.doubleValue()))) {
      return value.toString();
    }
    return string(value.toString());
  }

  private static String string(String text) {
    return text.chars().mapToObj(Json::escaped).collect(Collectors.joining("", "\"", "\""));
  }

  private static String escaped(int character) {
    return switch (character) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default ->
          character < 0x20
              ? "\\u00"
                  + Character.forDigit(character >> 4, 16)
                  + Character.forDigit(character & 15, 16)
              : Character.toString(character);
    };
  }
}
