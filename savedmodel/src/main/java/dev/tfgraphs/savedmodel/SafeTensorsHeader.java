package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableList;
import com.google.common.math.LongMath;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import dev.tfgraphs.ops.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What comes before the numbers in a safetensors file: eight bytes that say how long it is, and
 * JSON.
 *
 * @param entries in the order of their numbers
 * @param length how many bytes stand before the numbers
 */
record SafeTensorsHeader(ImmutableList<Entry> entries, long length) {
  /** The limit of the library of Python. */
  static final int MAX_LENGTH = 100_000_000;

  /** More sizes than any tensor has. */
  private static final int MAX_RANK = 32;

  private static final String METADATA = "__metadata__";
  private static final ImmutableBiMap<String, ElementType> TYPES =
      ImmutableBiMap.<String, ElementType>builder()
          .put("BOOL", ElementType.BOOL)
          .put("U8", ElementType.UINT8)
          .put("I8", ElementType.INT8)
          .put("I16", ElementType.INT16)
          .put("U16", ElementType.UINT16)
          .put("I32", ElementType.INT32)
          .put("U32", ElementType.UINT32)
          .put("I64", ElementType.INT64)
          .put("U64", ElementType.UINT64)
          .put("F16", ElementType.FLOAT16)
          .put("BF16", ElementType.BFLOAT16)
          .put("F32", ElementType.FLOAT32)
          .put("F64", ElementType.FLOAT64)
          .buildOrThrow();

  /**
   * A tensor.
   *
   * @param begin its first byte, counted from the first of the first tensor
   * @param end the byte after its last
   */
  record Entry(String name, ElementType type, Shape shape, long begin, long end) {}

  /** The header of tensors that lie one after another. */
  static SafeTensorsHeader of(List<Entry> entries) {
    return new SafeTensorsHeader(
        ImmutableList.copyOf(entries), Long.BYTES + padded(json(entries)).length());
  }

  /** Reads what {@code file} begins with, and checks that it describes all the rest. */
  static SafeTensorsHeader read(RandomBytes file) throws IOException {
    if (file.size() < Long.BYTES) {
      throw new IOException(
          "expected 8 bytes for the length of the header, received a file of " + file.size());
    }
    long length = file.read(0, Long.BYTES).getLong();
    if (length < 2 || length > Math.min(MAX_LENGTH, file.size() - Long.BYTES)) {
      throw new IOException(
          "header: expected 2 to %d bytes in a file of %d, received %s"
              .formatted(MAX_LENGTH, file.size(), Long.toUnsignedString(length)));
    }
    String text = file.text(Long.BYTES, (int) length);
    if (text.charAt(0) != '{') {
      throw new IOException("header: expected '{' first, received '" + text.charAt(0) + "'");
    }
    List<Entry> entries = new Parser(new JsonReader(new StringReader(text))).entries();
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkFill(entries, file.size() - Long.BYTES - length);
    return new SafeTensorsHeader(ImmutableList.copyOf(entries), Long.BYTES + length);
  }

  private static void checkFill(List<Entry> entries, long size) throws IOException {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        throw new IOException(
            "tensor '%s': expected its numbers at byte %d, where those before it end, received %d"
                .formatted(entry.name(), end, entry.begin()));
      }
      end = entry.end();
    }
    if (end != size) {
      throw new IOException(
          "header: expected tensors of all %d bytes after it, received %d".formatted(size, end));
    }
  }

  /** The numbers of {@code entry} in the file of this header. */
  StoredTensor tensor(RandomBytes file, Entry entry) throws IOException {
    return StoredTensor.in(
        file.channel(), length + entry.begin(), entry.name(), entry.shape(), entry.type());
  }

  /** The bytes of it, with spaces at its end that begin the numbers at a multiple of eight. */
  ByteBuffer bytes() {
    byte[] json = padded(json(entries)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(json.length).put(json).flip();
  }

  private static String padded(String json) {
    return json + " ".repeat(Math.floorMod(-json.length(), Long.BYTES));
  }

  private static String json(List<Entry> entries) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      for (Entry entry : entries) {
        json.name(entry.name()).beginObject();
        json.name("dtype").value(TYPES.inverse().get(entry.type()));
        json.name("shape").beginArray();
        for (int size : entry.shape().toArray()) {
          json.value(size);
        }
        json.endArray().name("data_offsets").beginArray();
        json.value(entry.begin()).value(entry.end()).endArray().endObject();
      }
      json.endObject();
    } catch (IOException e) {
      throw new AssertionError(e); // a string has no end
    }
    return text.toString();
  }

  /** Takes what the format allows, and not what JSON does. */
  private static final class Parser {
    private final JsonReader json;

    Parser(JsonReader json) {
      this.json = json;
      json.setStrictness(Strictness.STRICT);
    }

    List<Entry> entries() throws IOException {
      try {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        json.beginObject();
        while (json.peek() != JsonToken.END_OBJECT) {
          String name = name(names);
          if (name.equals(METADATA)) {
            readMetadata();
          } else {
            entries.add(entry(name));
          }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
          throw new IOException("header: expected nothing after the last '}'");
        }
        return entries;
      } catch (IllegalStateException | MalformedJsonException | EOFException e) {
        throw notJson(e);
      }
    }

    private static IOException notJson(Exception cause) {
      String reason = ModelFileException.reason(cause);
      return new IOException("header: expected the JSON of safetensors: " + reason, cause);
    }

    private String name(Set<String> before) throws IOException {
      String name = json.nextName();
      if (name.isEmpty() || !name.chars().allMatch(c -> isPlain((char) c))) {
        throw new IOException("header: expected names of characters that can be printed");
      }
      if (!before.add(name)) {
        throw new IOException("header: expected a name once, received '" + name + "' twice");
      }
      return name;
    }

    private static boolean isPlain(char c) {
      return !Character.isISOControl(c) && !Character.isSurrogate(c);
    }

    private void readMetadata() throws IOException {
      Set<String> names = new HashSet<>();
      json.beginObject();
      while (json.peek() != JsonToken.END_OBJECT) {
        name(names);
        string(METADATA);
      }
      json.endObject();
    }

    private Entry entry(String tensor) throws IOException {
      Set<String> fields = new LinkedHashSet<>();
      String type = "";
      long[] sizes = {};
      long[] offsets = {};
      json.beginObject();
      while (json.peek() != JsonToken.END_OBJECT) {
        String field = name(fields);
        switch (field) {
          case "dtype" -> type = string(tensor);
          case "shape" -> sizes = numbers(tensor);
          case "data_offsets" -> offsets = numbers(tensor);
          default -> throw wrong(tensor, "dtype, shape and data_offsets", field);
        }
      }
      json.endObject();
      if (fields.size() != 3) {
        throw wrong(tensor, "dtype, shape and data_offsets", fields);
      }
      return entry(tensor, type, sizes, offsets);
    }

    private static Entry entry(String tensor, String typeName, long[] sizes, long[] offsets)
        throws IOException {
      ElementType type = TYPES.get(typeName);
      if (type == null) {
        throw wrong(tensor, "a dtype of " + TYPES.keySet(), typeName);
      }
      Shape shape = StoredTensor.shape(tensor, sizes);
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw wrong(tensor, "two data_offsets, the smaller first", Arrays.toString(offsets));
      }
      long wanted = LongMath.saturatedMultiply(shape.elements(), type.size());
      if (offsets[1] - offsets[0] != wanted) {
        throw wrong(
            tensor,
            "%d bytes for %s of %s".formatted(wanted, typeName, shape),
            offsets[1] - offsets[0]);
      }
      return new Entry(tensor, type, shape, offsets[0], offsets[1]);
    }

    private String string(String where) throws IOException {
      if (json.peek() != JsonToken.STRING) {
        throw wrong(where, "text", json.peek());
      }
      return json.nextString();
    }

    private long[] numbers(String tensor) throws IOException {
      List<Long> numbers = new ArrayList<>();
      json.beginArray();
      while (json.peek() != JsonToken.END_ARRAY) {
        boolean number = json.peek() == JsonToken.NUMBER;
        String text = number ? json.nextString() : json.peek().toString();
        if (!text.matches("0|[1-9][0-9]{0,17}")) { // Gson would take 1.0 and "1", too
          throw wrong(tensor, "whole numbers below 10^18", text);
        }
        if (numbers.size() == MAX_RANK) {
          throw wrong(tensor, "a list of at most " + MAX_RANK + " numbers", "more");
        }
        numbers.add(Long.parseLong(text));
      }
      json.endArray();
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private static IOException wrong(String where, String expected, Object received) {
      return new IOException(
          "tensor '%s': expected %s, received %s".formatted(where, expected, received));
    }
  }
}
