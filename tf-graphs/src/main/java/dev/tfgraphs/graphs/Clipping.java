package dev.tfgraphs.graphs;

import java.util.List;
import java.util.Map;
import org.tensorflow.Output;

/** Gradients held small, in one of Keras's three ways. */
final class Clipping {
  private final Emitter e;
  private final Output<?> limit;

  private Clipping(Emitter e, double limit) {
    this.e = e;
    this.limit = e.scalar((float) limit);
  }

  static Map<Variable, Output<?>> of(
      Emitter e, UpdateOptions.Clipping options, Map<Variable, Output<?>> gradients) {
    Clipping clipping = new Clipping(e, options.limit());
    return switch (options.kind()) {
      case NORM -> Gradients.map(gradients, clipping::byNorm);
      case VALUE -> {
        Output<?> least = e.scalar((float) -options.limit());
        yield Gradients.map(gradients, g -> e.op("ClipByValue").in(g, least, clipping.limit).out());
      }
      case GLOBAL_NORM -> {
        Output<?> factor = clipping.globalFactor(List.copyOf(gradients.values()));
        yield Gradients.map(gradients, g -> e.mul(g, factor));
      }
    };
  }

  private Output<?> byNorm(Output<?> gradient) {
    Output<?> norm = norm(e.op("L2Loss").in(gradient).out());
    return e.mul(gradient, e.div(limit, e.op("Maximum").in(norm, limit).out()));
  }

  /** Not a number where the norm is not finite, as in Keras: all gradients are spoilt then. */
  private Output<?> globalFactor(List<Output<?>> gradients) {
    List<Output<?>> squares =
        gradients.stream().<Output<?>>map(g -> e.op("L2Loss").in(g).out()).toList();
    Output<?> norm = norm(e.op("AddN").list(squares).out());
    Output<?> one = e.scalar(1f);
    Output<?> least = e.op("Minimum").in(e.div(one, norm), e.div(one, limit)).out();
    return e.add(e.mul(limit, least), e.sub(norm, norm));
  }

  private Output<?> norm(Output<?> halfOfSquares) {
    return e.op("Sqrt").in(e.mul(e.scalar(2f), halfOfSquares)).out();
  }
}
