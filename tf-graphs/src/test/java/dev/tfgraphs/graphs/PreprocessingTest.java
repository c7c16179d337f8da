package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.RandomCrop;
import dev.tfgraphs.ops.RandomWarp;
import dev.tfgraphs.ops.Range;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random image layers do in training, step after step, what Keras's do, and nothing otherwise. */
class PreprocessingTest {
  private static final JsonObject FILE = Golden.file("preprocessing.json");
  private static final HostTensor IMAGES = Golden.tensor(FILE.get("input"));

  /** What is drawn is Keras's bit by bit; values up to 255 are rounded a few times to float32. */
  private static final double ROUNDING = 1e-4;

  /** Places between pixels are rounded to 1e-6 of a pixel, and neighbours differ by up to 255. */
  private static final double MOVED = 1e-3;

  static Stream<Named<JsonObject>> cases() {
    return Golden.named("preprocessing.json", "random");
  }

  private static Model model(Layer layer) {
    Node input = input(6, 5, 3);
    return Model.of(input, input.to(layer));
  }

  private static Layer layer(JsonObject one) {
    return KerasConfig.layer(one);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void trainingDrawsWhatKerasDrawsAndInferenceNothing(JsonObject one) {
    Layer layer = layer(one);
    double slack = layer instanceof RandomWarp<?> ? MOVED : ROUNDING;
    try (Workbench bench = new Workbench(model(layer), Mode.TRAINING, Mode.INFERENCE)) {
      for (HostTensor expected : Golden.tensors(one.get("outputs"))) {
        HostTensor actual = bench.run(Mode.TRAINING, List.of(IMAGES)).get(0);
        assertClose("training", expected, actual, 0, slack);
        assertEquals(IMAGES, bench.run(Mode.INFERENCE, List.of(IMAGES)).get(0));
      }
    }
  }

  @Test
  void layersOfAModelTakeTheirSeedsAsKerasDoes() {
    Node input = input(6, 5, 3);
    Model model =
        Model.of(
            input,
            input
                .to(randomCrop(5, 4))
                .to(randomFlip())
                .to(randomErasing(Range.of(1, 1)))
                .to(dropout(0.25))
                .to(randomTranslation(0.5, 0.5)));
    List<HostTensor> steps = Golden.tensors(FILE.get("in_a_model"));
    assertFalse(steps.isEmpty());
    try (Workbench bench = new Workbench(model, Mode.TRAINING)) {
      for (HostTensor expected : steps) {
        HostTensor actual = bench.run(Mode.TRAINING, List.of(IMAGES)).get(0);
        assertClose("step", expected, actual, 0, MOVED);
      }
    }
  }

  @Test
  void everyRandomKindIsCompared() {
    Set<String> kinds =
        cases()
            .map(one -> one.getPayload().get("class_name").getAsString())
            .collect(Collectors.toSet());
    assertEquals(
        Set.of(
            "RandomBrightness",
            "RandomContrast",
            "RandomCrop",
            "RandomErasing",
            "RandomFlip",
            "RandomRotation",
            "RandomTranslation",
            "RandomZoom"),
        kinds);
  }

  @Test
  void whatFollowsARandomCropMeetsWholeImagesInInference() {
    Node input = input(6, 5, 3);
    RandomCrop crop = randomCrop(4, 3);
    Model pooled = Model.of(input, input.to(crop).to(globalAveragePooling2D()).to(dense(2)));
    try (Workbench bench = new Workbench(pooled, Mode.TRAINING, Mode.INFERENCE)) {
      assertEquals(2, bench.run(Mode.INFERENCE, List.of(IMAGES)).get(0).shape().size(1));
    }
    Model flat = Model.of(input, input.to(crop).to(flatten()).to(dense(2).name("top")));
    GraphException failure =
        assertThrows(GraphException.class, () -> new Workbench(flat, Mode.INFERENCE).close());
    assertEquals(
        "layer 'top': cannot be lowered: Dimensions must be equal, but are 90 and 36 for",
        String.valueOf(failure.getMessage()).replaceFirst("(for) .*", "$1"));
  }

  static Stream<Named<Layer>> withoutGradient() {
    return Stream.of(
        Named.of("ImageProjectiveTransformV3", randomRotation(0.1)),
        Named.of("ImageProjectiveTransformV3", randomZoom(0.1)),
        Named.of("ImageProjectiveTransformV3", randomTranslation(0.1, 0.1)),
        Named.of("ResizeArea", resizing(3, 3).interpolation(Interpolation.AREA)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withoutGradient")
  void anOpWithoutAGradientIsRefusedBehindWeightsThatTrain(Layer layer) {
    String op =
        layer.className().startsWith("Random") ? "ImageProjectiveTransformV3" : "ResizeArea";
    Node input = input(6, 5, 3);
    Node features = input.to(conv2D(2, 3).name("stem")).to(relu());
    Model model = Model.of(input, features.to(layer.name("late")).to(flatten()).to(dense(2)));
    assertFails(
        "layer 'late': cannot be lowered: expected no weight that trains before it (TensorFlow has"
            + " no gradient of "
            + op
            + "), received the result of layer 'stem'",
        () -> new Workbench(model, Mode.TRAINING).close());
    new Workbench(model, Mode.INFERENCE).close();
    new Workbench(model.freeze("stem"), Mode.TRAINING).close();
  }
}
