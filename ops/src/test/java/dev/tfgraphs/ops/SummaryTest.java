package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Summaries equal those of real Keras, character by character. */
class SummaryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "flexible_resnet",
        "resnet20",
        "sequential_like",
        "nested",
        "nested_twice",
        "shared_layer",
        "shared_model",
        "multiple_inputs_outputs",
        "frozen",
        "long_names",
        "unknown_sizes",
        "many_inputs",
        "custom_names_repeat"
      })
  void summaryIsWhatKerasPrints(String name) {
    JsonObject fixture = Fixture.json("summaries/" + name + ".json");
    List<JsonObject> summaries = Fixture.objects(fixture.getAsJsonArray("summaries"));
    assertFalse(summaries.isEmpty());
    Model model = Networks.named(name);
    for (JsonObject summary : summaries) {
      String file = summary.get("file").getAsString();
      assertEquals(
          withNamesPossibleHere(Fixture.text("summaries/" + file)),
          model.summary(options(summary)) + "\n",
          file);
    }
  }

  private static String withNamesPossibleHere(String text) {
    return text.replace("two words here", "two-words-here").replace("[brackets]", ".brackets.");
  }

  private static SummaryOptions options(JsonObject summary) {
    SummaryOptions options =
        SummaryOptions.defaults()
            .columns(summary.get("columns").getAsInt())
            .expandNested(summary.has("expand_nested"))
            .showTrainable(summary.has("show_trainable"));
    return summary.has("line_length")
        ? options.lineLength(summary.get("line_length").getAsInt())
        : options;
  }

  @Test
  void nothingNarrowsASummaryWithoutOptions() {
    assertEquals(
        Fixture.text("summaries/nested.columns-200.txt"), Networks.nested().summary() + "\n");
  }

  @Test
  void aTableThatIsWiderThanTheTerminalIsCut() {
    String wide = Networks.nested().summary(SummaryOptions.defaults().lineLength(100));
    String cut = Networks.nested().summary(SummaryOptions.defaults().lineLength(100).columns(60));
    List<String> lines =
        wide.lines().map(line -> line.substring(0, Math.min(60, line.length()))).toList();
    assertEquals(String.join("\n", lines), cut);
  }

  @ParameterizedTest(name = "from {0} to {1}: {2}")
  @CsvSource({
    "conv2d, add, conv2d add",
    "add, conv2d, conv2d add",
    "back, back, backbone",
    ".*pool, dense, global_average_pooling2d dense",
    "input, .*, input_layer backbone conv2d add global_average_pooling2d dense"
  })
  void aRangeListsTheLayersBetweenTwoNames(String first, String last, String expected) {
    String summary = Networks.nested().summary(SummaryOptions.defaults().layerRange(first, last));
    List<String> names =
        summary
            .lines()
            .filter(line -> line.startsWith("│"))
            .map(line -> line.substring(2).split(" ", 2)[0])
            .filter(name -> !name.isEmpty() && !name.startsWith("("))
            .toList();
    assertEquals(List.of(expected.split(" ")), names);
    assertEquals(158, Networks.nested().parameters());
    assertEquals(
        " Total params: 158 (632.00 B)",
        summary.lines().toList().get(summary.lines().toList().size() - 3));
  }

  @Test
  void aRangeOfNoLayersIsRefused() {
    ModelException e =
        assertThrows(
            ModelException.class,
            () -> Networks.nested().summary(SummaryOptions.defaults().layerRange("conv2d", "x")));
    assertEquals(
        "layer 'classifier' (Functional): expected a range between names of layers, received conv2d"
            + " to x",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 0, 19})
  void aLineTooShortForItsColumnsIsRefused(int length) {
    ModelException e =
        assertThrows(
            ModelException.class,
            () -> Networks.nested().summary(SummaryOptions.defaults().lineLength(length)));
    assertEquals(
        "summary: expected a line wide enough for 4 columns, received " + length, e.getMessage());
  }

  @Test
  void numbersDoNotFollowTheLanguageOfTheMachine() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      String summary = Networks.named("resnet20").summary();
      assertEquals(Fixture.text("summaries/resnet20.columns-200.txt"), summary + "\n");
    } finally {
      Locale.setDefault(before);
    }
  }
}
