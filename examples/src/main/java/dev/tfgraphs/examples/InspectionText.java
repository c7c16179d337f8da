package dev.tfgraphs.examples;

import com.google.common.base.CharMatcher;
import com.google.common.base.Strings;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.graphs.Terminal;
import dev.tfgraphs.ops.SummaryOptions;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What there is to say of a file, for people. */
final class InspectionText {
  private static final int PIPE = 80;

  /** Unicode's, those of 8 bits too, and what turns the direction of a line. */
  private static final CharMatcher CONTROL =
      CharMatcher.javaIsoControl()
          .or(CharMatcher.anyOf("\u2028\u2029"))
          .or(CharMatcher.inRange('\u202a', '\u202e'))
          .or(CharMatcher.inRange('\u2066', '\u2069'));

  private final Inspection inspection;
  private final FileContents contents;
  private final StringBuilder text = new StringBuilder();

  private InspectionText(Inspection inspection) {
    this.inspection = inspection;
    this.contents = inspection.contents();
  }

  /** The lines, with one at the end. */
  static String of(Inspection inspection) {
    InspectionText writing = new InspectionText(inspection);
    writing.writeFiles();
    writing.writeTraining();
    writing.writeSignatures();
    writing.writeNetwork();
    writing.writeTensors();
    return writing.text.toString();
  }

  /** What a file says can neither begin a line nor lead a terminal. */
  private void line(String format, Object... values) {
    text.append(shown(String.format(Locale.ROOT, format, values))).append('\n');
  }

  private static String shown(String said) {
    return CONTROL.replaceFrom(said, '?');
  }

  private void writeFiles() {
    line("%s: %s", inspection.path(), contents.kind());
    contents.kerasVersion().ifPresent(version -> line("Keras %s", version));
    if (FirstResNet50.isIn(contents)) {
      line("The layers are those of %s", FirstResNet50.CALLED);
    }
    for (Inspection.Hashed file : inspection.files()) {
      line("SHA-256 %s %,d bytes %s", file.sha256(), file.bytes(), file.path());
    }
  }

  private void writeTraining() {
    inspection
        .training()
        .ifPresent(
            training -> {
              JsonElement optimizer =
                  training.has("optimizer")
                      ? training.get("optimizer")
                      : training.get("optimizer_config");
              line("");
              line("Optimizer: %s", optimizer == null ? "none" : called(optimizer));
              for (String key : List.of("loss", "metrics", "weighted_metrics", "loss_weights")) {
                JsonElement value = training.get(key);
                if (value != null && !value.isJsonNull()) {
                  line("%s: %s", label(key), called(value));
                }
              }
            });
  }

  private static String label(String key) {
    return key.substring(0, 1).toUpperCase(Locale.ROOT) + key.substring(1).replace('_', ' ');
  }

  /** An object of Keras by its class and the settings that it has. */
  private static String called(JsonElement object) {
    if (!object.isJsonObject() || !object.getAsJsonObject().has("class_name")) {
      return object.toString();
    }
    JsonObject whole = object.getAsJsonObject();
    JsonObject said = new JsonObject();
    if (whole.get("config") instanceof JsonObject config) {
      config.asMap().entrySet().stream()
          .filter(setting -> !setting.getValue().isJsonNull() && !setting.getKey().equals("name"))
          .forEach(setting -> said.add(setting.getKey(), setting.getValue()));
    }
    return whole.get("class_name").getAsString() + " " + said;
  }

  private void writeSignatures() {
    for (Signature signature : contents.signatures()) {
      line("");
      line("Signature %s", signature.name());
      signature.inputs().forEach(input -> write("in ", input));
      signature.outputs().forEach(output -> write("out", output));
    }
  }

  private void write(String direction, SignatureTensor tensor) {
    line(
        "  %s %s %s %s",
        direction, tensor.name(), Inspection.dtype(tensor), Inspection.shape(tensor));
  }

  private void writeNetwork() {
    SummaryOptions wide = SummaryOptions.defaults();
    inspection
        .network()
        .ifPresent(
            network -> {
              line("");
              network
                  .summary(Terminal.isTerminal() ? wide : wide.columns(PIPE))
                  .lines()
                  .forEach(row -> line("%s", row));
            });
    if (!inspection.problem().isEmpty()) {
      line("");
      line("The network cannot be made here: %s", inspection.problem());
    }
  }

  private void writeTensors() {
    line("");
    line(
        "%,d tensors, %,d numbers, %,d bytes",
        contents.tensors().size(), inspection.numbers(), inspection.bytes());
    int names = width(contents.tensors().stream().map(FileContents.Entry::name));
    int types = width(contents.tensors().stream().map(FileContents.Entry::dtype));
    for (FileContents.Entry tensor : contents.tensors()) {
      line(
          "  %s %s %s",
          Strings.padEnd(tensor.name(), names, ' '),
          Strings.padEnd(tensor.dtype(), types, ' '),
          tensor.shape());
    }
  }

  private static int width(Stream<String> texts) {
    return texts.mapToInt(String::length).max().orElse(0);
  }
}
