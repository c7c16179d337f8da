package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.Output;

/**
 * Where the weights of a batch's samples enter a graph, {@code (batch)}, if it has any.
 *
 * @param feed to feed them to
 * @param ofSamples a weight for each sample: 1 where none are fed
 * @param given those that are fed, and otherwise a single 1
 */
record SampleWeights(Output<?> feed, Output<?> ofSamples, Output<?> given) {

  static SampleWeights create(Emitter e, Output<?> batch) {
    Output<?> feed =
        e.op("PlaceholderWithDefault", "sample_weight")
            .in(e.vector(new float[0]))
            .attr("shape", org.tensorflow.ndarray.Shape.of(-1))
            .out();
    Output<?> fed = e.op("Size").in(feed).out();
    Output<?> all = e.op("Maximum").in(fed, e.scalar(1)).out();
    return new SampleWeights(
        feed, filled(e, feed, fed, Windows.size(e, batch, 0)), filled(e, feed, fed, all));
  }

  /** The weights with as many ones behind them as make {@code size}. */
  private static Output<?> filled(Emitter e, Output<?> feed, Output<?> fed, Output<?> size) {
    Output<?> missing = e.reshape(e.sub(size, fed), e.vector(1));
    Output<?> ones = e.op("Fill").in(missing, e.scalar(1f)).out();
    return e.op("ConcatV2").list(List.of(feed, ones)).in(e.scalar(0)).out();
  }
}
