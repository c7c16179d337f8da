package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradCamTest {
  /** Sums of eight channels in another order; of what cancels out little is left. */
  private static final double RELATIVE = 1e-5;

  private static final double ABSOLUTE = 1e-6;

  static Stream<Named<JsonObject>> maps() {
    return Golden.named("attributions.json", "grad_cam");
  }

  @ParameterizedTest
  @MethodSource("maps")
  void isThatOfKerassGradientTape(JsonObject row) {
    Model model = Attributions.model(row.get("activation").getAsString());
    HostTensor map =
        GradCam.of(
            model,
            Attributions.weights(model),
            Attributions.image(),
            row.get("class").getAsInt(),
            row.get("layer").getAsString());
    assertClose("map", Golden.tensor(row.get("map")), map, RELATIVE, ABSOLUTE);
  }

  @Test
  void looksAtWhatGlobalPoolingIsMadeOf() {
    Model model = Attributions.model("softmax");
    Weights weights = Attributions.weights(model);
    assertEquals("add", GradCam.layer(model));
    HostTensor map = GradCam.of(model, weights, Attributions.image(), 1);
    assertEquals(GradCam.of(model, weights, Attributions.image(), 1, "add"), map);
    boolean some = false;
    for (float value : map.values()) {
      some |= value > 0;
    }
    assertTrue(some);
  }

  @Test
  void looksIntoNestedModelsAndPastResultsOfOnePlace() {
    Node inner = input(8, 8, 3);
    Model backbone = Model.of(inner, inner.to(conv2D(2, 3).name("late"))).name("backbone");
    Node outer = input(8, 8, 3);
    Node pooled = outer.to(backbone).to(averagePooling2D(6)).to(conv2D(4, 1));
    assertEquals("backbone/late", GradCam.layer(Model.of(outer, pooled.to(flatten()))));
  }

  /** A layer that is used several times makes several maps, and so does one in such a model. */
  @Test
  void looksPastWhatIsUsedSeveralTimes() {
    Node inner = input(8, 8, 4);
    Model part = Model.of(inner, inner.to(conv2D(4, 1).name("inside"))).name("part");
    Node image = input(8, 8, 3);
    Node once = image.to(conv2D(4, 1).name("once"));
    Layer shared = conv2D(4, 1).name("shared");
    Node twice = once.to(shared).to(shared).to(part).to(part);
    Model model = Model.of(image, twice.to(globalAveragePooling2D()).to(dense(2)));
    assertEquals("once", GradCam.layer(model));
    HostTensor pixels = new HostTensor(Shape.of(1, 8, 8, 3), new float[8 * 8 * 3]);
    assertEquals(Shape.of(8, 8), GradCam.of(model, zeros(model), pixels, 0).shape());
  }

  /** One channel of ones, whose score is its mean: each of four places counts a quarter. */
  @Test
  void countsWhatRaisesTheClassAndNothingElse() {
    Node image = input(2, 2, 1);
    Node maps = image.to(conv2D(1, 1).useBias(false).name("c"));
    Node scores = maps.to(globalAveragePooling2D()).to(dense(2).useBias(false).name("d"));
    Model model = Model.of(image, scores);
    Weights weights =
        Weights.of(
            ImmutableMap.of(
                "c/kernel", new HostTensor(Shape.of(1, 1, 1, 1), new float[] {1}),
                "d/kernel", new HostTensor(Shape.of(1, 2), new float[] {4, -4})));
    HostTensor pixels = new HostTensor(Shape.of(1, 2, 2, 1), new float[] {1, 2, -3, 4});
    assertArrayEquals(new float[] {1, 2, 0, 4}, GradCam.of(model, weights, pixels, 0).values());
    assertArrayEquals(new float[] {0, 0, 3, 0}, GradCam.of(model, weights, pixels, 1).values());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Model model = Attributions.model("softmax");
    Weights weights = Attributions.weights(model);
    HostTensor image = Attributions.image();
    assertFails(
        "Grad-CAM: expected a class of 0 or more and less than 4, received 4",
        () -> GradCam.of(model, weights, image, 4));
    assertFails(
        "Grad-CAM: expected one image (1, 8, 8, 3), received (2, 8, 8, 3)",
        () ->
            GradCam.of(
                model, weights, new HostTensor(Shape.of(2, 8, 8, 3), SmallNet.images(2)), 0));
    assertFails(
        "Grad-CAM: expected a layer that makes (batch, height, width, channels), received 'gap',"
            + " which makes (None, 8)",
        () -> GradCam.of(model, weights, image, 0, "gap"));
    assertFails(
        "lowered model: expected the name of a layer, received 'ad'; near: add (of 8)",
        () -> GradCam.of(model, weights, image, 0, "ad"));
  }

  @Test
  void aLayerBesideTheClassIsRefused() {
    Node image = input(2, 2, 1);
    Node other = image.to(conv2D(1, 1).name("other"));
    Node scores = image.to(conv2D(1, 1).name("c")).to(globalAveragePooling2D()).to(dense(2));
    Model both = Model.of(List.of(image), List.of(scores, other));
    HostTensor pixels = new HostTensor(Shape.of(1, 2, 2, 1), new float[4]);
    assertFails(
        "Grad-CAM: expected a model with one output (batch, classes), received one with (None, 2)"
            + " and (None, 2, 2, 1); model.tap(name) has the one of that name",
        () -> GradCam.of(both, zeros(both), pixels, 0));
    Model head = both.tap("dense");
    assertArrayEquals(new float[4], GradCam.of(head, zeros(both).part(head), pixels, 0).values());
    Model stopped = Model.of(image, other.to(flatten()).to(dense(2).name("d")));
    assertEquals("other", GradCam.layer(stopped));
  }

  @Test
  void aModelWithoutPlacesIsRefused() {
    Node image = input(1, 1, 3);
    Model model = Model.of(image, image.to(flatten()).to(dense(2)));
    assertFails(
        "Grad-CAM: expected a model with a layer that makes (batch, height, width, channels) of"
            + " more than one place and is used once, received one without",
        () ->
            GradCam.of(model, zeros(model), new HostTensor(Shape.of(1, 1, 1, 3), new float[3]), 0));
    Node two = input(3);
    Model rows = Model.of(two, two.to(dense(2).activation(ActivationFunction.SOFTMAX)));
    assertFails(
        "Grad-CAM: expected a model with one input (batch, height, width, channels), received one"
            + " with (None, 3)",
        () -> GradCam.of(rows, zeros(rows), new HostTensor(Shape.of(1, 3), new float[3]), 0, "c"));
  }

  private static Weights zeros(Model model) {
    return Weights.of(
        model.weights().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    Weight::path,
                    weight ->
                        new HostTensor(
                            weight.spec().shape(),
                            new float[Math.toIntExact(weight.spec().shape().elements())]))));
  }
}
