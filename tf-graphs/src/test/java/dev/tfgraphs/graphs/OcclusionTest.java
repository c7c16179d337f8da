package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OcclusionTest {
  /** Differences of probabilities, each rounded to float32. */
  private static final double ROUNDING = 1e-6;

  private static Predictor predictor;

  @BeforeAll
  static void open() {
    Model model = Attributions.model("softmax");
    predictor = Predictor.of(model, Attributions.weights(model));
  }

  @AfterAll
  static void close() {
    predictor.close();
  }

  static Stream<Named<JsonObject>> maps() {
    return Golden.named("attributions.json", "occlusion");
  }

  @ParameterizedTest
  @MethodSource("maps")
  void isWhatKerasLosesUnderThePatch(JsonObject row) {
    Occlusion occlusion =
        Occlusion.patch(row.get("patch").getAsInt()).stride(row.get("stride").getAsInt());
    JsonElement fill = row.get("fill");
    Occlusion filled = fill.isJsonNull() ? occlusion : occlusion.fill(Golden.floats(fill));
    HostTensor expected = Golden.tensor(row.get("map"));
    for (int batch : new int[] {1, 7, 64}) {
      HostTensor map =
          filled.batchSize(batch).map(predictor, Attributions.image(), row.get("class").getAsInt());
      assertClose("batches of " + batch, expected, map, 1e-5, ROUNDING);
    }
  }

  @Test
  void thePatchIsAnEighthOfTheImageWhereNoneIsGiven() {
    HostTensor expected = Occlusion.patch(2).stride(1).map(predictor, Attributions.image(), 0);
    assertEquals(expected, Occlusion.of(predictor, Attributions.image(), 0));
  }

  @Test
  void tellsHowFarItIs() {
    List<String> heard = new ArrayList<>();
    Occlusion occlusion =
        Occlusion.patch(4)
            .stride(2)
            .batchSize(4)
            .progress((done, all) -> heard.add(done + " of " + all));
    assertEquals(Shape.of(8, 8), occlusion.map(predictor, Attributions.image(), 0).shape());
    assertEquals(List.of("4 of 9", "8 of 9", "9 of 9"), heard);
  }

  @Test
  void endsWhereProgressThrowsOrTheThreadIsInterrupted() {
    Occlusion occlusion = Occlusion.patch(4).stride(2).batchSize(4);
    Occlusion cancelled =
        occlusion.progress(
            (done, all) -> {
              throw new CancellationException();
            });
    assertThrows(
        CancellationException.class, () -> cancelled.map(predictor, Attributions.image(), 0));
    Occlusion interrupted = occlusion.progress((done, all) -> Thread.currentThread().interrupt());
    assertFails(
        "occlusion: interrupted after 4 of 9 places of the patch",
        () -> interrupted.map(predictor, Attributions.image(), 0));
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    HostTensor image = Attributions.image();
    assertFails(
        "occlusion: expected a patch of 1 or more, received 0", () -> Occlusion.patch(0).stride(1));
    assertFails(
        "occlusion: expected a stride of 1 or more, received 0",
        () -> Occlusion.patch(1).stride(0).batchSize(1));
    assertFails(
        "occlusion: expected a batch size of 1 or more, received -1",
        () -> Occlusion.patch(1).batchSize(-1).stride(1));
    assertFails(
        "occlusion: expected a patch of at most 8 pixels for (1, 8, 8, 3), received 9",
        () -> Occlusion.patch(9).map(predictor, image, 0));
    assertFails(
        "occlusion: expected a fill of 1 or 3 values, received 2",
        () -> Occlusion.patch(2).fill(1, 2).map(predictor, image, 0));
    assertFails(
        "occlusion: expected one image (1, 8, 8, 3), received (8, 8, 3)",
        () -> Occlusion.of(predictor, new HostTensor(Shape.of(8, 8, 3), image.values()), 0));
  }
}
