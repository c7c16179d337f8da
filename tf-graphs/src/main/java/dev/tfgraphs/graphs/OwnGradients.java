package dev.tfgraphs.graphs;

import java.util.ArrayList;
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
 * IdentityN}, so that one can be given for the whole process; before a graph runs TensorFlow takes
 * both ops out again.
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
    try {
      return TensorFlow.registerCustomGradient("IdentityN", OwnGradients::ofIdentityN);
    } catch (RuntimeException | LinkageError failure) {
      Logger log = LoggerFactory.getLogger(OwnGradients.class);
      log.debug("TensorFlow takes no gradients from Java: {}", failure.getMessage());
      return false;
    }
  }

  /** An {@code IdentityN} of somebody else hands gradients on as it does values. */
  private static List<Operand<?>> ofIdentityN(
      Ops tf, GraphOperation op, List<Output<?>> gradients) {
    if (!op.name().contains(RELU)) {
      return new ArrayList<>(gradients);
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
}
