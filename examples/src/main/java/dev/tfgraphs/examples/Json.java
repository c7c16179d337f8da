package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.gson.FormattingStyle;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Maps, lists, texts, numbers and truth values as JSON. */
final class Json {
  private static final FormattingStyle IN_LINES = FormattingStyle.PRETTY.withNewline("\n");
  private static final FormattingStyle IN_LINE =
      FormattingStyle.COMPACT.withSpaceAfterSeparators(true);

  private Json() {}

  /**
   * The texts, numbers and truth values of the outermost object.
   *
   * @throws JsonParseException if the text is no JSON object
   */
  static ImmutableMap<String, String> entries(String text) {
    return entries(object(text));
  }

  /**
   * The texts, numbers and truth values of the object called {@code name} in the outermost one;
   * empty if there is none.
   *
   * @throws JsonParseException if the text is no JSON object
   */
  static ImmutableMap<String, String> entries(String text, String name) {
    JsonObject whole = object(text);
    return whole.has(name) && whole.get(name).isJsonObject()
        ? entries(whole.getAsJsonObject(name))
        : ImmutableMap.of();
  }

  private static ImmutableMap<String, String> entries(JsonObject object) {
    ImmutableMap.Builder<String, String> entries = ImmutableMap.builder();
    object
        .asMap()
        .forEach(
            (key, value) -> {
              if (value.isJsonPrimitive()) {
                entries.put(key, value.getAsString());
              }
            });
    return entries.buildOrThrow();
  }

  private static JsonObject object(String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonParseException("expected an object alone");
      }
      return element.getAsJsonObject();
    } catch (IOException e) {
      throw new JsonParseException(e);
    }
  }

  /** The text, with a line for each entry of an object; what is in a list stays in its line. */
  static String text(Map<String, ?> object) {
    return text(object, IN_LINES) + "\n";
  }

  private static String text(Object value, FormattingStyle style) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      writer.setFormattingStyle(style);
      write(writer, value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(JsonWriter writer, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      writer.beginObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writer.name(entry.getKey().toString());
        write(writer, entry.getValue());
      }
      writer.endObject();
    } else if (value instanceof List<?> list) {
      writeInLine(writer, list);
    } else if (value instanceof Boolean truth) {
      writer.value(truth);
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      writer.value(number);
    } else {
      writer.value(value.toString());
    }
  }

  private static void writeInLine(JsonWriter writer, List<?> list) throws IOException {
    if (!writer.getFormattingStyle().getNewline().isEmpty()) {
      writer.jsonValue(text(list, IN_LINE));
      return;
    }
    writer.beginArray();
    for (Object element : list) {
      write(writer, element);
    }
    writer.endArray();
  }
}
