package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Layer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** From where on the layers of a pass draw random numbers. */
interface Draws {
  /**
   * {@return the seed of the layer's first draw in this pass, int64 {@code [seed, n]}; the others
   * follow by n}
   */
  Output<?> first(Emitter e, Layer layer, OptionalLong own);

  /** {@return what counts one draw of the layer, if that is remembered} */
  Optional<GraphOperation> counted(Emitter e, Layer layer, OptionalLong own);

  /** Draws that go on from run to run, as training does. */
  static Draws remembered(Variables variables) {
    return new Draws() {
      @Override
      public Output<?> first(Emitter e, Layer layer, OptionalLong own) {
        return variables.seedState(layer, own).readAgain(e);
      }

      @Override
      public Optional<GraphOperation> counted(Emitter e, Layer layer, OptionalLong own) {
        return Optional.of(variables.seedState(layer, own).increase(e, e.vector(0L, 1L)));
      }
    };
  }

  /**
   * Draws that depend on the number of the run only: those of run {@code number} come behind the
   * {@code perRun} draws of each run before.
   *
   * @param number int64
   */
  static Draws placed(Variables variables, Output<?> number, Map<Layer, Integer> perRun) {
    return new Draws() {
      @Override
      public Output<?> first(Emitter e, Layer layer, OptionalLong own) {
        Output<?> before = e.mul(number, e.vector(0L, perRun.getOrDefault(layer, 0)));
        return e.add(e.vector(variables.seed(layer, own), 0L), before);
      }

      @Override
      public Optional<GraphOperation> counted(Emitter e, Layer layer, OptionalLong own) {
        return Optional.empty();
      }
    };
  }
}
