package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Streams;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.types.TFloat32;

/** The graphs of trainings with {@link Recompute#BLOCKS}. */
class RecomputationTest {
  private static Graph graph(Model model, Recompute recompute) {
    Graph graph = new Graph();
    var unused =
        new TrainingGraph(
            graph, model, RecomputeTest.compile(Precision.FLOAT32).recompute(recompute), 1);
    return graph;
  }

  private static long count(Graph graph, String type, String prefix) {
    return Operations.ofType(graph, type).stream()
        .filter(op -> op.name().startsWith(prefix))
        .count();
  }

  /** Those of single pixels are products on CPUs. */
  private static long convolutions(Graph graph, String prefix) {
    return count(graph, "Conv2D", prefix) + count(graph, "MatMul", prefix);
  }

  @Test
  void convolutionsAreThereOnceMoreAndReadsRandomStatesAndMovesAreNot() {
    try (Graph kept = graph(RecomputeTest.unshared(), Recompute.NONE);
        Graph again = graph(RecomputeTest.unshared(), Recompute.BLOCKS)) {
      assertEquals(0, convolutions(kept, "again/"));
      // all but those behind the last cut, of inference and of training
      assertEquals(18, convolutions(again, "again/"));
      assertEquals(convolutions(kept, "") + 18, convolutions(again, ""));
      for (String type :
          List.of("ReadVariableOp", "AssignAddVariableOp", "AssignVariableOp", "VarHandleOp")) {
        assertEquals(count(kept, type, ""), count(again, type, ""), type);
      }
    }
  }

  private static boolean isLate(GraphOperation op) {
    return op.type().equals("Identity") && op.name().startsWith("again/late");
  }

  /** The ops of those types and all that run after one of them. */
  private static Set<GraphOperation> behind(Graph graph, String type, String prefix) {
    Set<GraphOperation> behind = new HashSet<>();
    graph
        .operations()
        .forEachRemaining(
            op -> {
              boolean first = op.type().equals(type) && op.name().startsWith(prefix);
              if (first
                  || op.inputs().stream().anyMatch(input -> behind.contains(input.op()))
                  || op.controlInputs().stream().anyMatch(behind::contains)) {
                behind.add(op);
              }
            });
    return behind;
  }

  /** Otherwise TensorFlow would make it at once, and nothing would be saved. */
  @Test
  void whatIsMadeAgainUsesTheBatchOnlyThroughOpsThatWaitForGradients() {
    for (Model model : List.of(RecomputeTest.unshared(), RecomputeTest.rich())) {
      try (Graph again = graph(model, Recompute.BLOCKS)) {
        Set<GraphOperation> fed = behind(again, "Placeholder", "");
        Set<GraphOperation> judged = behind(again, "CheckNumerics", "training/");
        List<GraphOperation> copies =
            Streams.stream(again.operations())
                .filter(op -> op.name().startsWith("again/"))
                .toList();
        assertTrue(copies.stream().filter(RecomputationTest::isLate).count() > 1);
        for (GraphOperation copy : copies) {
          if (isLate(copy)) {
            assertTrue(copy.controlInputs().stream().anyMatch(judged::contains), copy.name());
          } else {
            copy.inputs().stream()
                .map(input -> (GraphOperation) input.asOutput().op())
                .filter(fed::contains)
                .forEach(
                    used ->
                        assertTrue(
                            used.name().startsWith("again/"), copy.name() + " " + used.name()));
          }
        }
      }
    }
  }

  @Test
  void aNetworkWithoutANarrowPlaceTrainsAsItDoesOtherwise() {
    Node image = input(8, 8, 3);
    Node top = image.to(conv2D(4, 3)).to(globalAveragePooling2D());
    Dense kind = dense(4).activation(ActivationFunction.SOFTMAX).name("kind");
    Model model = Model.of(List.of(image), List.of(top.to(kind), top.to(dense(2).name("size"))));
    try (Graph again = graph(model, Recompute.BLOCKS)) {
      assertEquals(0, count(again, "Conv2D", "again/"));
    }
  }

  @Test
  void whatAUsersLayerDrawsWithoutASeedIsDrawnOnce() {
    Own noisy =
        new Own(
            (tf, x) ->
                tf.math.mul(
                    x,
                    tf.stopGradient(tf.random.randomStandardNormal(tf.shape(x), TFloat32.class))));
    try (Graph again = graph(RecomputeTest.with(noisy), Recompute.BLOCKS)) {
      assertEquals(1, count(again, "RandomStandardNormal", ""));
      assertTrue(count(again, "Conv2D", "again/") > 0);
    }
  }

  @Test
  void whatHasAStateIsNotMadeAgain() {
    Model model = RecomputeTest.with(RecomputeTest.checked());
    try (Graph kept = graph(model, Recompute.NONE);
        Graph again = graph(model, Recompute.BLOCKS)) {
      assertEquals(count(kept, "CheckNumerics", ""), count(again, "CheckNumerics", ""));
      assertEquals(1, count(again, "Square", "again/"));
    }
  }

  @Test
  void wrongGradientsAreFoundBetweenCutsAndSaidOfTheirLayers() {
    Own ranked = new Own((tf, x) -> tf.nn.logSoftmax(x));
    for (Recompute recompute : Recompute.values()) {
      GraphException failure =
          assertThrows(
              GraphException.class,
              () ->
                  Trainer.of(
                      RecomputeTest.with(ranked),
                      RecomputeTest.compile(Precision.FLOAT32).recompute(recompute)));
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("gradients: layer 'own': expected ops"),
          failure.getMessage());
    }
  }

  @Test
  void aWeightThatOnlyABlockedWayLeadsToIsNamed() {
    Own blocked = new Own((tf, x) -> tf.stopGradient(x));
    for (Recompute recompute : Recompute.values()) {
      GraphException failure =
          assertThrows(
              GraphException.class,
              () ->
                  Trainer.of(
                      RecomputeTest.with(blocked),
                      RecomputeTest.compile(Precision.FLOAT32).recompute(recompute)));
      assertTrue(
          String.valueOf(failure.getMessage())
              .startsWith(
                  "gradients: expected a way from the loss to every weight that trains, received"
                      + " none to conv2d/kernel, "),
          failure.getMessage());
    }
  }
}
