package dev.tfgraphs.examples;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.List;
import java.util.function.Function;

/** What there is to say of a file, for programs. */
final class InspectionJson {
  private static final Gson GSON =
      new GsonBuilder()
          .serializeNulls()
          .disableHtmlEscaping()
          .setFormattingStyle(FormattingStyle.PRETTY.withNewline("\n"))
          .create();

  private InspectionJson() {}

  /** An object; what a file does not say is not in it. */
  static String of(Inspection inspection) {
    FileContents contents = inspection.contents();
    JsonObject json = new JsonObject();
    json.addProperty("path", inspection.path().toString());
    json.addProperty("kind", FileFormat.of(contents.kind()).toString());
    json.addProperty("description", contents.kind().toString());
    json.add("files", list(inspection.files(), InspectionJson::file));
    contents.kerasVersion().ifPresent(version -> json.addProperty("keras_version", version));
    json.addProperty("tensor_count", contents.tensors().size());
    json.addProperty("numbers", inspection.numbers());
    json.addProperty("bytes", inspection.bytes());
    json.add("tensors", list(contents.tensors(), InspectionJson::tensor));
    if (!contents.signatures().isEmpty()) {
      json.add("signatures", list(contents.signatures(), InspectionJson::signature));
    }
    inspection
        .network()
        .ifPresent(
            network -> {
              json.addProperty("parameters", network.parameters());
              json.add("weights", list(network.weights(), InspectionJson::weight));
            });
    contents.network().ifPresent(text -> json.add("network", inspection.parsed(text)));
    contents.training().ifPresent(text -> json.add("training", inspection.parsed(text)));
    return GSON.toJson(json) + "\n";
  }

  private static <T> JsonArray list(List<T> elements, Function<T, JsonObject> each) {
    JsonArray list = new JsonArray();
    elements.forEach(element -> list.add(each.apply(element)));
    return list;
  }

  private static JsonObject file(Inspection.Hashed file) {
    JsonObject json = new JsonObject();
    json.addProperty("path", file.path().toString());
    json.addProperty("bytes", file.bytes());
    json.addProperty("sha256", file.sha256());
    return json;
  }

  private static JsonObject tensor(FileContents.Entry tensor) {
    JsonObject json = new JsonObject();
    json.addProperty("name", tensor.name());
    json.addProperty("dtype", tensor.dtype());
    json.add("shape", sizes(tensor.shape()));
    json.addProperty("bytes", tensor.bytes());
    return json;
  }

  private static JsonObject weight(Weight weight) {
    JsonObject json = new JsonObject();
    json.addProperty("path", weight.path());
    json.add("shape", sizes(weight.spec().shape()));
    return json;
  }

  private static JsonObject signature(Signature signature) {
    JsonObject json = new JsonObject();
    json.addProperty("name", signature.name());
    json.add("inputs", list(signature.inputs(), InspectionJson::port));
    json.add("outputs", list(signature.outputs(), InspectionJson::port));
    return json;
  }

  private static JsonObject port(SignatureTensor tensor) {
    JsonObject json = new JsonObject();
    json.addProperty("name", tensor.name());
    json.addProperty("dtype", Inspection.dtype(tensor));
    tensor
        .shape()
        .ifPresentOrElse(
            shape -> json.add("shape", sizes(shape)), () -> json.add("shape", JsonNull.INSTANCE));
    return json;
  }

  /** Unknown sizes are null, as in Keras's JSON. */
  private static JsonArray sizes(Shape shape) {
    JsonArray sizes = new JsonArray();
    for (int axis = 0; axis < shape.rank(); axis++) {
      int size = shape.size(axis);
      if (size == Shape.UNKNOWN) {
        sizes.add(JsonNull.INSTANCE);
      } else {
        sizes.add(size);
      }
    }
    return sizes;
  }
}
