package dev.tfgraphs.examples;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, lists, texts, numbers and truth values as JSON. */
final class Json {
  private Json() {}

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
