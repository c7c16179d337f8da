package dev.tfgraphs.graphs;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;

/**
 * Functions whose gradients in TensorFlow's C++ library keep more in memory than they need.
 *
 * <p>Such a function stands behind a {@code StopGradient}, and an {@code IdentityN} hands on its
 * result and, for gradients alone, what it was applied to. TensorFlow has no gradient of {@code
 * IdentityN}, so that one can be given for the whole process, in one of the ten places that
 * TensorFlow Java has for them; before a graph runs TensorFlow takes both ops out again. An {@code
 * IdentityN} of somebody else has no gradient, as before: imported graphs put one where a function
 * has a gradient of its own, which nobody here knows.
 */
final class OwnGradients {
  private static final String RELU = "tfgraphs.relu";
  private static final boolean GIVEN = give();

  private OwnGradients() {}

  /**
   * The larger one of {@code x} and 0. Its gradient asks where the result is positive, as Keras's
   * does, and not where {@code x} is, which can be forgotten: a quarter of what a step of a ResNet
   * remembers. Where TensorFlow takes no gradients from Java, on Windows, it is the op alone.
   */
  static Output<?> relu(Emitter e, Output<?> x) {
    if (!GIVEN) {
      return e.op("Relu").in(x).out();
    }
    Output<?> y = e.op("Relu").in(e.op("StopGradient").in(x).out()).out();
    return e.op("IdentityN", RELU).list(List.of(y, x)).build().output(0);
  }

  private static boolean give() {
    Logger log = LoggerFactory.getLogger(OwnGradients.class);
    try {
      boolean given = TensorFlow.registerCustomGradient("IdentityN", OwnGradients::ofIdentityN);
      if (!given) {
        log.debug("ReLU trains as TensorFlow has it: somebody else gave IdentityN a gradient");
      }
      return given;
    } catch (RuntimeException | LinkageError failure) {
      log.debug("ReLU trains as TensorFlow has it: {}", failure.getMessage());
      return false;
    }
  }

  private static List<Operand<?>> ofIdentityN(
      Ops tf, GraphOperation op, List<Output<?>> gradients) {
    if (!isRelu(op)) {
      throw new GraphException(
          "expected no IdentityN, of which TensorFlow has no gradient, received '"
              + op.name()
              + "'");
    }
    Output<?> y = op.output(0);
    Output<?> gradient =
        tf.scope()
            .env()
            .opBuilder("ReluGrad", tf.scope().makeOpName("ReluGrad"), tf.scope())
            .addInput(gradients.get(0))
            .addInput(y)
            .build()
            .output(0);
    return List.of(tf.zerosLike(op.input(0)), gradient);
  }

  private static boolean isRelu(GraphOperation op) {
    return op.name().contains(RELU)
        && op.input(0).op() instanceof GraphOperation relu
        && relu.type().equals("Relu")
        && relu.input(0).op().type().equals("StopGradient");
  }
}
