package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.tensorflow.proto.DataType;

/** Reads lists in lists as one tensor, element by element. */
final class ValuesReader {
  static final String BASE_64 = "b64";
  private static final int DEEPEST = 16;

  private final SignatureTensor input;
  private final List<Integer> sizes = new ArrayList<>();
  private final ImmutableList.Builder<byte[]> strings = ImmutableList.builder();
  private double[] numbers = new double[16];
  private int count;
  private int rank = -1;

  ValuesReader(SignatureTensor input) {
    this.input = input;
  }

  /** Reads a value that lies in {@code depth} lists. */
  void read(JsonReader json, int depth) throws IOException {
    if (json.peek() != JsonToken.BEGIN_ARRAY) {
      element(json, depth);
      return;
    }
    if (depth == rank || depth == DEEPEST) {
      throw wrong("lists of equal depth, received a list where there was an element");
    }
    json.beginArray();
    int length = 0;
    for (; json.hasNext(); length++) {
      read(json, depth + 1);
    }
    json.endArray();
    size(depth, length);
  }

  /** Notes that lists in {@code depth} others have so many elements. */
  void size(int depth, int length) {
    while (sizes.size() <= depth) {
      sizes.add(Shape.UNKNOWN);
    }
    int before = sizes.set(depth, length);
    if (before != Shape.UNKNOWN && before != length) {
      throw wrong("lists of equal lengths, received one of " + before + " and one of " + length);
    }
  }

  private void element(JsonReader json, int depth) throws IOException {
    place(depth);
    if (input.dtype() == DataType.DT_STRING) {
      strings.add(string(json));
    } else {
      add(input.dtype() == DataType.DT_BOOL ? truth(json) : number(json));
    }
  }

  /** Reads the text of an element that is written in base 64. */
  void base64(JsonReader json, int depth) throws IOException {
    if (input.dtype() != DataType.DT_STRING) {
      throw wrong(input.dtype() + ", received an object of 'b64'");
    }
    if (json.peek() != JsonToken.STRING) {
      throw wrong("bytes in base 64, received " + kind(json));
    }
    place(depth);
    strings.add(decoded(json.nextString()));
  }

  private void place(int depth) {
    if (rank >= 0 && rank != depth) {
      throw wrong("lists of equal depth, received an element where there was a list");
    }
    rank = depth;
  }

  private void add(double number) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = number;
  }

  private double number(JsonReader json) throws IOException {
    if (json.peek() == JsonToken.NUMBER) {
      return json.nextDouble();
    }
    if (json.peek() != JsonToken.STRING) {
      throw wrong("numbers, received " + kind(json));
    }
    String word = json.nextString(); // as what is no word of JSON comes, too
    return switch (word) {
      case "NaN" -> Double.NaN;
      case "Infinity", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> throw wrong("numbers, received " + shortened(word));
    };
  }

  private double truth(JsonReader json) throws IOException {
    if (json.peek() != JsonToken.BOOLEAN) {
      throw wrong("true or false, received " + kind(json));
    }
    return json.nextBoolean() ? 1 : 0;
  }

  private byte[] string(JsonReader json) throws IOException {
    if (json.peek() == JsonToken.STRING) {
      return json.nextString().getBytes(StandardCharsets.UTF_8);
    }
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      throw wrong("a string or {\"b64\": ...}, received " + kind(json));
    }
    json.beginObject();
    String name = json.hasNext() ? json.nextName() : "nothing";
    if (!name.equals(BASE_64) || json.peek() != JsonToken.STRING) {
      throw wrong("a string or {\"b64\": ...}, received an object of " + shortened(name));
    }
    byte[] bytes = decoded(json.nextString());
    json.endObject();
    return bytes;
  }

  private byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw wrong("bytes in base 64, received what is none: " + e.getMessage());
    }
  }

  private static String kind(JsonReader json) throws IOException {
    return switch (json.peek()) {
      case BEGIN_OBJECT -> "an object";
      case BEGIN_ARRAY -> "a list";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case NUMBER -> "a number";
      case STRING -> "a string";
      default -> "nothing";
    };
  }

  private static String shortened(String word) {
    return word.length() <= 20 ? "'" + word + "'" : "'" + word.substring(0, 20) + "...'";
  }

  private RequestException wrong(String problem) {
    return RequestException.invalid("input '" + input.name() + "': expected " + problem);
  }

  /**
   * What was read.
   *
   * @throws RequestException if the input is of another shape
   */
  Values values() {
    Shape shape = Shape.of(Ints.toArray(sizes));
    if (input.shape().isPresent() && !fits(input.shape().get(), shape)) {
      throw wrong(input.shape().get() + ", received " + shape);
    }
    return new Values(shape, Arrays.copyOf(numbers, count), strings.build());
  }

  private static boolean fits(Shape wanted, Shape given) {
    boolean fits = wanted.rank() == given.rank();
    for (int axis = 0; fits && axis < wanted.rank(); axis++) {
      fits = wanted.size(axis) == Shape.UNKNOWN || wanted.size(axis) == given.size(axis);
    }
    return fits;
  }
}
