package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A predictor folds normalization into convolutions, and TensorFlow takes convolutions, sums and
 * activations together; where the results of all convolutions leave the model neither can be.
 */
class FoldedPredictionTest {
  /** Of the largest result; kernels are rounded anew. */
  private static final double ROUNDING = 1e-5;

  /** Larger and deeper networks are made of the blocks of smaller ones, and take minutes. */
  private static final long MOST_PARAMETERS = 35_000_000;

  private static final int MOST_LAYERS = 500;

  static Stream<NamedNetwork> networks() {
    return NamedNetwork.all().stream().filter(network -> isSmall(model(network)));
  }

  private static boolean isSmall(Model model) {
    long parameters =
        model.weights().stream().mapToLong(weight -> weight.spec().shape().elements()).sum();
    return parameters < MOST_PARAMETERS && model.layers().size() < MOST_LAYERS;
  }

  private static Model model(NamedNetwork network) {
    return network.model(5, 64, 64, 3);
  }

  /** Weights as after some training: no zeros, no ones. */
  private static Weights weights(Model model) {
    Random random = new Random(5);
    Map<String, HostTensor> drawn = new TreeMap<>();
    Weights.initial(model, 2)
        .tensors()
        .forEach(
            (name, first) -> {
              float[] values = first.values().clone();
              for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * (0.8f + 0.4f * random.nextFloat());
              }
              if (first.shape().rank() == 1) {
                for (int i = 0; i < values.length; i++) {
                  values[i] += 0.1f * random.nextFloat();
                }
              }
              drawn.put(name, new HostTensor(first.shape(), values));
            });
    return Weights.of(drawn);
  }

  private static HostTensor images(Model model) {
    Random random = new Random(3);
    Shape shape = model.input().shape().with(0, 2);
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return new HostTensor(shape, values);
  }

  /** The model with what enters its normalizations as outputs, too: nothing can be folded. */
  private static Model unfolded(Model model) {
    List<Node> outputs = new ArrayList<>(model.outputs());
    for (Call call : model.calls()) {
      if (call.layer() instanceof BatchNormalization) {
        outputs.add(call.inputs().get(0));
      }
    }
    assertTrue(outputs.size() > model.outputs().size(), "a network that is normalized");
    return Model.of(model.inputs(), outputs);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void networksPredictFoldedWhatTheyDoUnfolded(NamedNetwork network) {
    Model model = model(network);
    Weights weights = weights(model);
    HostTensor images = images(model);
    List<HostTensor> expected;
    try (Predictor predictor = Predictor.of(unfolded(model), weights)) {
      expected = predictor.predict(images).subList(0, model.outputs().size());
    }
    try (Predictor predictor = Predictor.of(model, weights)) {
      List<HostTensor> received = predictor.predict(images);
      for (int i = 0; i < expected.size(); i++) {
        assertClose(expected.get(i), received.get(i));
      }
    }
  }

  private static void assertClose(HostTensor expected, HostTensor received) {
    assertEquals(expected.shape(), received.shape());
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.values().length; i++) {
      double value = expected.values()[i];
      assertTrue(Double.isFinite(value));
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - received.values()[i]));
    }
    assertTrue(largest > 0);
    assertEquals(0, difference / largest, ROUNDING);
  }
}
