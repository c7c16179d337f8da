package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Output;

/** Layers that join several inputs. */
final class MergeRules {
  private MergeRules() {}

  static Output<?> merge(Merge layer, LayerContext c, List<Output<?>> inputs) {
    Emitter e = c.e();
    return switch (layer.kind()) {
      case ADD -> added(c, spread(e, inputs));
      case SUBTRACT -> folded(e, "Sub", spread(e, inputs));
      case MULTIPLY -> folded(e, "Mul", spread(e, inputs));
      case MAXIMUM -> folded(e, "Maximum", spread(e, inputs));
      case MINIMUM -> folded(e, "Minimum", spread(e, inputs));
      case AVERAGE -> e.div(folded(e, "AddV2", spread(e, inputs)), e.scalar((float) inputs.size()));
      case CONCATENATE -> e.op("ConcatV2").list(inputs).in(e.scalar(layer.axis())).out();
    };
  }

  /** The inputs with one rank: where sizes are missing, they are 1 and lie behind the batch. */
  private static List<Output<?>> spread(Emitter e, List<Output<?>> inputs) {
    int rank = inputs.stream().mapToInt(input -> input.shape().numDimensions()).max().orElseThrow();
    List<Output<?>> spread = new ArrayList<>();
    for (Output<?> input : inputs) {
      Output<?> wide = input;
      for (int i = input.shape().numDimensions(); i < rank; i++) {
        wide = e.op("ExpandDims").in(wide, e.scalar(1)).out();
      }
      spread.add(wide);
    }
    return spread;
  }

  /**
   * Sums. TensorFlow makes one op of a convolution, its bias, a sum and a ReLU where it can tell
   * that nothing is spread, and of an AddV2 behind inputs that are fed it cannot.
   */
  private static Output<?> added(LayerContext c, List<Output<?>> inputs) {
    return !c.training() && inputs.size() == 2 && areAlike(inputs.get(0), inputs.get(1))
        ? c.e().op("AddN").list(inputs).out()
        : folded(c.e(), "AddV2", inputs);
  }

  /** Whether both have the same sizes, known but for the batch. */
  private static boolean areAlike(Output<?> a, Output<?> b) {
    if (a.shape().isUnknown() || b.shape().isUnknown()) {
      return false;
    }
    Shape shape = Shapes.fromTensorFlow(a.shape());
    return shape.rank() > 0
        && shape.with(0, 1).isKnown()
        && shape.equals(Shapes.fromTensorFlow(b.shape()));
  }

  private static Output<?> folded(Emitter e, String type, List<Output<?>> inputs) {
    Output<?> result = inputs.get(0);
    for (Output<?> input : inputs.subList(1, inputs.size())) {
      result = e.op(type).in(result, input).out();
    }
    return result;
  }
}
