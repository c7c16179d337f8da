package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

class PredictorTest {
  private static final float[] A = {1, -2, 3, 4, .5f, -6};
  private static final float[] B = {-1, 2, 7, 8};

  /** With a dropout, a normalization and an input that is an output, too. */
  private static Model model() {
    Node a = input("a", 3);
    Node b = input("b", 2);
    Node x = concatenate(a, b).to(dense(4)).to(batchNormalization()).to(dropout(0.5));
    return Model.of(List.of(a, b), List.of(x.to(dense(2)).to(softmax()), x, b));
  }

  private static HostTensor tensor(int width, float... values) {
    return new HostTensor(Shape.of(values.length / width, width), values);
  }

  private static Trainer trainer(Model model) {
    return Trainer.of(model, Compile.of(Optimizer.sgd(0.1)).seed(1));
  }

  @Test
  void aPredictorPredictsWhatATrainerDoes() {
    Model model = model();
    try (Trainer trainer = trainer(model);
        Predictor predictor = Predictor.of(model, trainer.weights())) {
      ImmutableList<HostTensor> expected =
          trainer.predictAll(Dataset.of(List.of(Samples.of(A, 3), Samples.of(B, 2)), List.of()));
      assertEquals(expected, predictor.predict(tensor(3, A), tensor(2, B)));
      assertEquals(model, predictor.model());
    }
  }

  @Test
  void aModelWithoutWeightsPredicts() {
    Node numbers = input(2);
    Model model = Model.of(numbers, numbers.to(relu()));
    try (Predictor predictor = Predictor.of(model, Weights.of(ImmutableMap.of()))) {
      HostTensor given = new HostTensor(Shape.of(1, 2), new float[] {-1, 2});
      HostTensor expected = new HostTensor(Shape.of(1, 2), new float[] {0, 2});
      assertEquals(ImmutableList.of(expected), predictor.predict(given));
    }
  }

  @Test
  void threadsPredictAtOnce() {
    Model model = model();
    try (Trainer trainer = trainer(model);
        Predictor predictor = Predictor.of(model, trainer.weights())) {
      ImmutableList<HostTensor> expected = predictor.predict(tensor(3, A), tensor(2, B));
      List<ImmutableList<HostTensor>> all =
          IntStream.range(0, 64)
              .parallel()
              .mapToObj(i -> predictor.predict(tensor(3, A), tensor(2, B)))
              .toList();
      all.forEach(each -> assertEquals(expected, each));
    }
  }

  @Test
  void resultsGoIntoTensorsOfTheCaller() {
    Model model = model();
    try (Predictor predictor = Predictor.of(model, Weights.initial(model, 1))) {
      HostTensor a = tensor(3, A.clone());
      HostTensor b = tensor(2, B.clone());
      List<HostTensor> results =
          List.of(tensor(2, new float[4]), tensor(4, new float[8]), tensor(2, new float[4]));
      predictor.predictInto(results, a, b);
      ImmutableList<HostTensor> expected = predictor.predict(a, b);
      assertEquals(expected, results);
      a.values()[0] = 5; // the arrays are the caller's, and hold the next batch
      predictor.predictInto(results, a, b);
      assertNotEquals(expected, results);
      assertEquals(predictor.predict(a, b), results);
    }
  }

  @Test
  void tensorsThatResultsDoNotFitAreRefused() {
    Model model = model();
    try (Predictor predictor = Predictor.of(model, Weights.initial(model, 1))) {
      HostTensor two = tensor(2, new float[4]);
      HostTensor four = tensor(4, new float[8]);
      assertRefusedInto(
          "predictInto: expected a tensor for each of the model's outputs, 3, received 1",
          predictor,
          List.of(two));
      assertRefusedInto(
          "predictInto: expected a tensor of (2, 4) for what 'dropout' makes, received one of (4,"
              + " 2)",
          predictor,
          List.of(two, tensor(2, new float[8]), tensor(2, new float[4])));
      assertRefusedInto(
          "predictInto: expected an array of its own for each of the model's outputs, received the"
              + " same for outputs 0 and 2, counted from 0",
          predictor,
          List.of(two, four, tensor(2, two.values())));
      assertEquals(tensor(2, new float[4]), two, "nothing is written");
      GraphException refused =
          assertThrows(
              GraphException.class,
              () -> predictor.predictInto(List.of(two, four, two), tensor(3, A)));
      assertEquals("predictInto: expected 2 inputs a sample, received 1", refused.getMessage());
    }
  }

  private static void assertRefusedInto(
      String message, Predictor predictor, List<HostTensor> results) {
    assertEquals(
        message,
        assertThrows(
                GraphException.class,
                () -> predictor.predictInto(results, tensor(3, A), tensor(2, B)))
            .getMessage());
  }

  @Test
  void aPredictorThatWasWarmedUpPredictsTheSame() {
    Model model = model();
    Weights weights = Weights.initial(model, 1);
    PredictorOptions options = PredictorOptions.defaults().warmUp(1, 2);
    try (Predictor cold = Predictor.of(model, weights);
        Predictor warm = Predictor.of(model, weights, options)) {
      assertEquals(
          cold.predict(tensor(3, A), tensor(2, B)), warm.predict(tensor(3, A), tensor(2, B)));
    }
  }

  @Test
  void whatCannotBeWarmedUpIsRefused() {
    assertEquals(
        "warmUp: expected batches of 1 sample or more, received [2, 0]",
        assertThrows(GraphException.class, () -> PredictorOptions.defaults().warmUp(2, 0))
            .getMessage());
    assertEquals(
        "warmUp: expected batches of 1 sample or more, received []",
        assertThrows(GraphException.class, () -> PredictorOptions.defaults().warmUp())
            .getMessage());
    Node any = input("image", Shape.UNKNOWN, Shape.UNKNOWN, 3);
    assertNotWarmedUp(
        "warmUp: expected inputs of known sizes, received (4, None, None, 3) for input 'image';"
            + " predict for zeros of the sizes that there will be instead",
        Model.of(any, any.to(conv2D(2, 3))),
        4);
    Node image = input("image", 224, 224, 3);
    assertNotWarmedUp(
        "warmUp: expected batches of at most 2147483647 numbers for each input, received 2000000"
            + " samples for input 'image', (2000000, 224, 224, 3); warm up for fewer samples",
        Model.of(image, image.to(conv2D(2, 3))),
        2_000_000);
  }

  private static void assertNotWarmedUp(String message, Model model, int samples) {
    Weights weights = Weights.initial(model, 1);
    PredictorOptions options = PredictorOptions.defaults().warmUp(samples);
    NativeObjects.assertNoneLeft(
        () ->
            assertEquals(
                message,
                assertThrows(GraphException.class, () -> Predictor.of(model, weights, options))
                    .getMessage()));
  }

  /** A size that no array has, though there is no number. */
  private static final class Endless extends CustomLayer implements LoweredLayer {
    @Override
    public Endless name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return Shape.of(Shape.UNKNOWN, 0);
    }

    @Override
    public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
      Ops tf = context.tf();
      Operand<TInt64> sizes = tf.shape(inputs.get(0), TInt64.class); // (1, 1), as running shows
      return tf.zeros(tf.math.mul(sizes, tf.constant(new long[] {1L << 31, 0})), TFloat32.class);
    }
  }

  @Test
  void resultsThatCannotBeCopiedAreRefusedByWarmingUp() {
    Node numbers = input(2);
    assertNotWarmedUp(
        "warmUp: expected results of at most 2147483647 numbers, received shape [2147483648, 0] for"
            + " what 'endless' makes; predict for fewer samples at once",
        Model.of(numbers, numbers.to(dense(1)).to(new Endless().name("endless"))),
        1);
  }

  @Test
  void nothingNativeIsLeft() {
    Model model = model();
    Weights weights;
    try (Trainer trainer = trainer(model)) {
      weights = trainer.weights();
    }
    NativeObjects.assertNoneLeft(
        () -> {
          try (Predictor predictor = Predictor.of(model, weights)) {
            var unused = predictor.predict(tensor(3, A), tensor(2, B));
            assertThrows(GraphException.class, () -> predictor.predict(tensor(3, A)));
            // each has a native copy before they are found to be of two batches
            assertThrows(
                GraphException.class, () -> predictor.predict(tensor(3, A), tensor(2, 1, 2)));
          }
        });
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Model model = model();
    try (Trainer trainer = trainer(model)) {
      Predictor predictor = Predictor.of(model, trainer.weights());
      assertRefused("predict: expected 2 inputs a sample, received 1", predictor, tensor(3, A));
      assertRefused(
          "predict: expected samples of (2,) for input 'b', received (3,)",
          predictor,
          tensor(3, A),
          tensor(3, A));
      assertRefused(
          "predict: expected 2 samples in every tensor of a batch, received one of shape [1, 2]",
          predictor,
          tensor(3, A),
          tensor(2, 1, 2));
      assertRefused("predict: expected an input for each of the model's, received none", predictor);
      predictor.close();
      predictor.close();
      assertRefused(
          "predictor: expected to be open, but close() has been called",
          predictor,
          tensor(3, A),
          tensor(2, B));
    }
  }

  private static void assertRefused(String message, Predictor predictor, HostTensor... inputs) {
    assertEquals(
        message, assertThrows(GraphException.class, () -> predictor.predict(inputs)).getMessage());
  }

  @Test
  void weightsOfAnotherModelAreRefused() {
    Node image = input(3);
    Model other = Model.of(image, image.to(dense(1).name("one")));
    try (Trainer trainer = trainer(other)) {
      Weights weights = trainer.weights();
      GraphException thrown =
          assertThrows(GraphException.class, () -> Predictor.of(model(), weights));
      assertEquals(
          "weights: expected those of the model, received others:",
          String.valueOf(thrown.getMessage()).lines().findFirst().orElseThrow());
    }
  }
}
