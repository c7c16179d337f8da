package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableMap;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.proto.DataType;

/** Writes answers in JSON as TensorFlow Serving does. */
final class Answers {
  /** How names of tensors end whose strings are no text. */
  private static final String BYTES = "_bytes";

  private final StringWriter text = new StringWriter();
  private final JsonWriter json = new JsonWriter(text);

  private Answers() {
    json.setStrictness(Strictness.LENIENT); // NaN and Infinity are written, as there
  }

  private interface Content {
    void write(Answers answer) throws IOException;
  }

  private static String written(String indent, Content content) {
    Answers answer = new Answers();
    answer.json.setIndent(indent);
    try {
      answer.json.beginObject();
      content.write(answer);
      answer.json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is written but into memory
    }
    return answer.text + "\n";
  }

  /** Says what is wrong. */
  static String error(String message) {
    return written("", answer -> answer.json.name("error").value(message));
  }

  /** Says that a version is there. */
  static String status(long version) {
    return written("  ", answer -> answer.state(version));
  }

  /** Says how the model is called. */
  static String metadata(String name, long version, List<Signature> signatures) {
    return written("  ", answer -> answer.description(name, version, signatures));
  }

  /** Says what was predicted, by sample or by output as it was asked. */
  static String prediction(PredictRequest request, ImmutableMap<String, Values> outputs) {
    return written(
        "",
        answer -> {
          if (request.byRow()) {
            answer.rows(request, outputs);
          } else {
            answer.json.name("outputs");
            answer.values(request.signature(), outputs, Optional.empty());
          }
        });
  }

  private void state(long version) throws IOException {
    json.name("model_version_status").beginArray().beginObject();
    json.name("version").value(Long.toString(version));
    json.name("state").value("AVAILABLE");
    json.name("status").beginObject();
    json.name("error_code").value("OK").name("error_message").value("");
    json.endObject().endObject().endArray();
  }

  private void description(String name, long version, List<Signature> signatures)
      throws IOException {
    json.name("model_spec").beginObject();
    json.name("name").value(name);
    json.name("signature_name").value("");
    json.name("version").value(Long.toString(version)).endObject();
    json.name("metadata").beginObject().name("signature_def").beginObject();
    json.name("signature_def").beginObject();
    for (Signature signature : signatures) {
      json.name(signature.name()).beginObject();
      tensors("inputs", signature.inputs());
      tensors("outputs", signature.outputs());
      json.name("method_name").value("tensorflow/serving/predict").endObject();
    }
    json.endObject().endObject().endObject();
  }

  private void tensors(String kind, List<SignatureTensor> tensors) throws IOException {
    json.name(kind).beginObject();
    for (SignatureTensor tensor : tensors) {
      json.name(tensor.name()).beginObject();
      json.name("dtype").value(tensor.dtype().name());
      json.name("tensor_shape").beginObject().name("dim").beginArray();
      for (int size : tensor.shape().map(Shape::toArray).orElse(new int[0])) {
        json.beginObject()
            .name("size")
            .value(size == Shape.UNKNOWN ? "-1" : Integer.toString(size));
        json.name("name").value("").endObject();
      }
      json.endArray().name("unknown_rank").value(tensor.shape().isEmpty());
      json.endObject().endObject();
    }
    json.endObject();
  }

  private void rows(PredictRequest request, ImmutableMap<String, Values> outputs)
      throws IOException {
    int rows = request.inputs().values().asList().get(0).rows();
    for (Map.Entry<String, Values> output : outputs.entrySet()) {
      Shape shape = output.getValue().shape();
      if (shape.rank() == 0 || shape.size(0) != rows) {
        throw RequestException.invalid(
            "output '%s': expected %d rows as there are instances, received %s; ask with 'inputs'"
                .formatted(output.getKey(), rows, shape));
      }
    }
    json.name("predictions").beginArray();
    for (int row = 0; row < rows; row++) {
      values(request.signature(), outputs, Optional.of(row));
    }
    json.endArray();
  }

  /** All of an output, or one row; by name if there are several outputs. */
  private void values(
      Signature signature, ImmutableMap<String, Values> outputs, Optional<Integer> row)
      throws IOException {
    boolean several = signature.outputs().size() > 1;
    if (several) {
      json.beginObject();
    }
    for (SignatureTensor output : signature.outputs()) {
      if (several) {
        json.name(output.name());
      }
      Values values = Objects.requireNonNull(outputs.get(output.name()));
      int from = row.isEmpty() ? 0 : row.get() * length(values.shape(), 0);
      write(output, values, row.isEmpty() ? 0 : 1, from);
    }
    if (several) {
      json.endObject();
    }
  }

  /** How many elements one of {@code axis} has. */
  private static int length(Shape shape, int axis) {
    int length = 1;
    for (int inner = axis + 1; inner < shape.rank(); inner++) {
      length *= shape.size(inner);
    }
    return length;
  }

  private void write(SignatureTensor output, Values values, int axis, int from) throws IOException {
    if (axis == values.shape().rank()) {
      element(output, values, from);
      return;
    }
    json.beginArray();
    int length = length(values.shape(), axis);
    for (int i = 0; i < values.shape().size(axis); i++) {
      write(output, values, axis + 1, from + i * length);
    }
    json.endArray();
  }

  private void element(SignatureTensor output, Values values, int i) throws IOException {
    if (output.dtype() == DataType.DT_STRING) {
      byte[] bytes = values.strings().get(i);
      if (output.name().endsWith(BYTES)) {
        String encoded = Base64.getEncoder().encodeToString(bytes);
        json.beginObject().name(ValuesReader.BASE_64).value(encoded).endObject();
      } else {
        json.value(new String(bytes, StandardCharsets.UTF_8));
      }
      return;
    }
    double number = values.numbers()[i];
    switch (output.dtype()) {
      case DT_FLOAT -> json.value((float) number); // as few digits as tell floats apart
      case DT_DOUBLE -> json.value(number);
      case DT_BOOL -> json.value(number != 0);
      default -> json.value((long) number);
    }
  }
}
