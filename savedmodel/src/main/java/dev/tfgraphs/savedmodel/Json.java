package dev.tfgraphs.savedmodel;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text as plain values and back: null, {@code Boolean}, {@code Long}, {@code Double}, {@code
 * String}, lists and maps that keep their order. A number without point and exponent is a {@code
 * Long}, as it is an {@code int} in Python.
 */
final class Json {
  /** The config of the deepest network has a hundredth of it. */
  static final int LONGEST = 1 << 26;

  private static final int DEEPEST = 200;

  private final JsonReader reader;

  private Json(JsonReader reader) {
    this.reader = reader;
  }

  /**
   * The object that {@code text} is.
   *
   * @param where how errors call the text
   * @throws ModelFileException if it is none, is too long or too deep, or names a key twice
   */
  static Map<String, @Nullable Object> object(String where, String text) {
    if (text.length() > LONGEST) {
      throw new ModelFileException(
          where + ": expected at most " + LONGEST + " characters, received " + text.length());
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(DEEPEST);
      if (reader.peek() != JsonToken.BEGIN_OBJECT) {
        throw new ModelFileException(where + ": expected a JSON object, received another value");
      }
      Map<String, @Nullable Object> object = new Json(reader).map();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("there is more behind the object");
      }
      return object;
    } catch (IOException | IllegalStateException e) {
      throw new ModelFileException(where + ": expected JSON, received what is none" + reason(e), e);
    }
  }

  /** Where the text ceases to be JSON; what Gson says of its options is of no use here. */
  private static String reason(Exception e) {
    String reason = ModelFileException.reason(e);
    int place = reason.indexOf(" at line ");
    return place < 0 ? ": " + reason : reason.substring(place);
  }

  private @Nullable Object value() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> map();
      case BEGIN_ARRAY -> list();
      case STRING -> reader.nextString();
      case BOOLEAN -> reader.nextBoolean();
      case NUMBER -> number();
      case NULL -> {
        reader.nextNull();
        yield null;
      }
      default -> throw new IOException("a value is missing at " + reader.getPath());
    };
  }

  private Map<String, @Nullable Object> map() throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (map.containsKey(key)) {
        throw new IOException("the key '" + key + "' is there twice at " + reader.getPath());
      }
      map.put(key, value());
    }
    reader.endObject();
    return map;
  }

  private List<@Nullable Object> list() throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      list.add(value());
    }
    reader.endArray();
    return list;
  }

  private Object number() throws IOException {
    String text = reader.nextString();
    try {
      if (text.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
        return Long.parseLong(text);
      }
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the number " + text + " is too large", e);
    }
    throw new IOException("the number " + text + " is too large");
  }

  /** The text of plain values, in one line. */
  static String text(Map<?, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonWriter writer = new JsonWriter(text)) {
      writer.setStrictness(Strictness.STRICT);
      write(writer, object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonWriter writer, @Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      writer.beginObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writer.name((String) entry.getKey());
        write(writer, entry.getValue());
      }
      writer.endObject();
    } else if (value instanceof List<?> list) {
      writer.beginArray();
      for (Object element : list) {
        write(writer, element);
      }
      writer.endArray();
    } else if (value == null) {
      writer.nullValue();
    } else if (value instanceof Boolean flag) {
      writer.value(flag);
    } else if (value instanceof Number number) {
      if (!Double.isFinite(number.doubleValue())) {
        throw new ModelFileException("JSON: expected finite numbers, received " + number);
      }
      writer.value(number);
    } else {
      writer.value((String) value);
    }
  }
}
