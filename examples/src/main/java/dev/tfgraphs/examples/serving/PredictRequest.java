package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableMap;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody wants predicted.
 *
 * @param signature which way to call the model
 * @param byRow whether samples came in a list, {@code instances}; otherwise each input came whole,
 *     {@code inputs}
 * @param inputs by name
 */
record PredictRequest(Signature signature, boolean byRow, ImmutableMap<String, Values> inputs) {
  private static final String SIGNATURE = "signature_name";
  private static final String ROWS = "instances";
  private static final String COLUMNS = "inputs";
  private static final String USUAL = "serving_default";

  /**
   * Reads the body of a request.
   *
   * @throws RequestException if it is no JSON, or not what the signature takes
   */
  static PredictRequest parse(byte[] body, List<Signature> signatures) {
    try {
      Outline outline = Outline.of(reader(body));
      Signature signature = outline.choose(signatures);
      JsonReader json = reader(body);
      json.beginObject();
      while (!json.nextName().equals(outline.format())) {
        json.skipValue();
      }
      Inputs inputs = new Inputs(signature);
      boolean byRow = outline.format().equals(ROWS);
      if (byRow) {
        inputs.rows(json);
      } else {
        inputs.value(json, 0, COLUMNS);
      }
      return new PredictRequest(signature, byRow, inputs.values());
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new RequestException(
          RequestException.INVALID, "request: expected an object in JSON: " + said, e);
    }
  }

  /** Lenient, as TensorFlow Serving takes NaN and Infinity. */
  private static JsonReader reader(byte[] body) {
    JsonReader json =
        new JsonReader(
            new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8));
    json.setStrictness(Strictness.LENIENT);
    return json;
  }

  /** What a request is about, read before its numbers. */
  private record Outline(String signature, String format) {
    static Outline of(JsonReader json) throws IOException {
      String signature = "";
      TreeSet<String> found = new TreeSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (!found.add(name)) {
          throw RequestException.invalid("request: expected '" + name + "' once");
        }
        if (name.equals(SIGNATURE)) {
          signature = json.nextString();
        } else {
          json.skipValue();
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw RequestException.invalid("request: expected one object, received more after it");
      }
      if (found.contains(ROWS) == found.contains(COLUMNS)) {
        throw RequestException.invalid(
            "request: expected 'instances' or 'inputs', received "
                + (found.isEmpty() ? "neither" : found));
      }
      return new Outline(signature, found.contains(ROWS) ? ROWS : COLUMNS);
    }

    Signature choose(List<Signature> signatures) {
      String wanted = signature.isEmpty() ? USUAL : signature;
      return signatures.stream()
          .filter(one -> one.name().equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  RequestException.invalid(
                      "signature_name: expected one of %s, received '%s'"
                          .formatted(signatures.stream().map(Signature::name).toList(), wanted)));
    }
  }

  /** The inputs of a signature while they are read. */
  private static final class Inputs {
    private final Map<String, ValuesReader> readers = new LinkedHashMap<>();

    Inputs(Signature signature) {
      for (SignatureTensor input : signature.inputs()) {
        readers.put(input.name(), new ValuesReader(input));
      }
    }

    void rows(JsonReader json) throws IOException {
      if (json.peek() != JsonToken.BEGIN_ARRAY) {
        throw RequestException.invalid("instances: expected a list of samples");
      }
      json.beginArray();
      int count = 0;
      for (; json.hasNext(); count++) {
        value(json, 1, "instances[" + count + "]");
      }
      json.endArray();
      if (count == 0) {
        throw RequestException.invalid("instances: expected one sample or more, received none");
      }
      for (ValuesReader reader : readers.values()) {
        reader.size(0, count);
      }
    }

    /** All inputs by name, or the only one without its name. */
    void value(JsonReader json, int depth, String where) throws IOException {
      if (json.peek() == JsonToken.BEGIN_OBJECT) {
        object(json, depth, where);
      } else {
        only(where).read(json, depth);
      }
    }

    private ValuesReader only(String where) {
      if (readers.size() != 1) {
        throw RequestException.invalid(
            where + ": expected an object of the inputs " + readers.keySet());
      }
      return readers.values().iterator().next();
    }

    private void object(JsonReader json, int depth, String where) throws IOException {
      TreeSet<String> found = new TreeSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        ValuesReader reader = readers.get(name);
        if (name.equals(ValuesReader.BASE_64) && reader == null && readers.size() == 1) {
          only(where).base64(json, depth);
          found.addAll(readers.keySet());
        } else if (reader == null || !found.add(name)) {
          found.add(name);
          throw others(where, found);
        } else {
          reader.read(json, depth);
        }
      }
      json.endObject();
      if (!found.equals(readers.keySet())) {
        throw others(where, found);
      }
    }

    private RequestException others(String where, Set<String> found) {
      return RequestException.invalid(
          "%s: expected the inputs %s, received %s"
              .formatted(where, readers.keySet(), found.isEmpty() ? "none" : found));
    }

    ImmutableMap<String, Values> values() {
      ImmutableMap.Builder<String, Values> values = ImmutableMap.builder();
      readers.forEach((name, reader) -> values.put(name, reader.values()));
      return values.buildOrThrow();
    }
  }
}
