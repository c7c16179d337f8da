package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * TensorFlow's graph optimizer may take a convolution, a normalization and an activation together;
 * what it makes of them must run, and be the same.
 */
class FusionTest {
  /** What an activation may be taken together with, at inference. */
  private static final ImmutableMap<String, UnaryOperator<Node>> BEFORE =
      ImmutableMap.<String, UnaryOperator<Node>>builder()
          .put(
              "normalized convolution",
              x -> x.to(conv2D(4, 3).useBias(false)).to(batchNormalization().epsilon(0.01)))
          .put("normalization", x -> x.to(batchNormalization()))
          .put("normalized sum", x -> add(x.to(conv2D(3, 1)).to(batchNormalization()), x))
          .put("convolution", x -> x.to(conv2D(4, 3)))
          .put("convolution without bias", x -> x.to(conv2D(4, 3).useBias(false)))
          .put("sum", x -> add(x.to(conv2D(3, 1).padding(SAME)), x))
          .put("sum without bias", x -> add(x.to(conv2D(3, 1).padding(SAME).useBias(false)), x))
          .put(
              "sum of convolutions",
              x -> add(x.to(conv2D(3, 3).padding(SAME)), x.to(conv2D(3, 1).padding(SAME))))
          .put("depthwise", x -> x.to(depthwiseConv2D(3)))
          .put(
              "normalized depthwise",
              x -> x.to(depthwiseConv2D(3).useBias(false)).to(batchNormalization().epsilon(0.01)))
          .put("transposed", x -> x.to(conv2DTranspose(4, 3)))
          .put("dense", x -> x.to(flatten()).to(dense(5)))
          .buildOrThrow();

  /** All functions, and those that layers have with a slope of one's own. */
  private static Stream<Layer> activations() {
    return Stream.concat(
        Stream.of(ActivationFunction.values()).map(Layers::activation),
        Stream.of(
            leakyReLU().negativeSlope(0.2),
            leakyReLU(),
            leakyReLU().negativeSlope(1.5),
            reLU().negativeSlope(0.1),
            reLU().maxValue(1).negativeSlope(0.1)));
  }

  private record Chain(Node image, Node before, Node activated) {
    static Chain of(UnaryOperator<Node> layers, Layer activation) {
      Node image = input("input", 8, 8, 3);
      Node before = layers.apply(image.to(batchNormalization()));
      return new Chain(image, before, before.to(activation));
    }

    Model whole() {
      return Model.of(image, activated);
    }

    /** Two outputs, so that nothing can be taken together. */
    Model split() {
      return Model.of(List.of(image), List.of(before, activated));
    }
  }

  private static HostTensor last(Model model) {
    Compile compile = Compile.of(Optimizer.sgd(0.1)).seed(5);
    for (Node output : model.outputs()) {
      compile = compile.loss(model.nameOf(output.layer()), Loss.meanSquaredError());
    }
    try (Trainer trainer = Trainer.of(model, compile)) {
      List<HostTensor> values =
          trainer.predictAll(Dataset.of(Samples.of(SmallNet.images(2), 8, 8, 3)));
      return values.get(values.size() - 1);
    }
  }

  static Stream<Arguments> chains() {
    return BEFORE.entrySet().stream()
        .flatMap(
            before ->
                activations()
                    .map(
                        activation ->
                            Arguments.of(
                                Named.of(before.getKey(), before.getValue()), activation)));
  }

  // An approximation of a function by the kernels of oneDNN is within some roundings of Eigen's.
  @ParameterizedTest
  @MethodSource("chains")
  void whatIsTakenTogetherIsWhatItWasApart(UnaryOperator<Node> before, Layer activation) {
    Chain chain = Chain.of(before, activation);
    assertClose("activation", last(chain.split()), last(chain.whole()), 1e-5, 1e-6);
  }

  private static HostTensor predicted(Model model) {
    HostTensor images = new HostTensor(Shape.of(2, 8, 8, 3), SmallNet.images(2));
    try (Predictor predictor = Predictor.of(model, Weights.initial(model, 5))) {
      List<HostTensor> values = predictor.predict(images);
      return values.get(values.size() - 1);
    }
  }

  @ParameterizedTest
  @MethodSource("chains")
  void constantsAreTakenTogetherToo(UnaryOperator<Node> before, Layer activation) {
    Chain chain = Chain.of(before, activation);
    assertClose("activation", predicted(chain.split()), predicted(chain.whole()), 1e-5, 1e-6);
  }

  /** A sum may be written over one of its terms, but not over what others still read. */
  @Test
  void sumsLeaveWhatTheyAddAsItWas() {
    Node image = input("input", 8, 8, 3);
    Node first = add(image.to(conv2D(3, 3).padding(SAME)), image).to(relu());
    Node second = add(first.to(conv2D(3, 3).padding(SAME)), first).to(relu());
    Model model = Model.of(List.of(image), List.of(second, first, image));
    HostTensor images = new HostTensor(Shape.of(2, 8, 8, 3), SmallNet.images(2));
    Weights weights = Weights.initial(model, 5);
    Model begin = Model.of(image, first);
    try (Predictor all = Predictor.of(model, weights);
        Predictor part = Predictor.of(begin, weights.part(begin))) {
      List<HostTensor> values = all.predict(images);
      assertEquals(images, values.get(2));
      assertClose("first", part.predict(images).get(0), values.get(1), 1e-5, 1e-6);
      HostTensor again = all.predict(images).get(0);
      assertEquals(values.get(0), again);
    }
  }
}
