package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Merge;
import java.util.List;
import org.tensorflow.Output;

/** Layers that join several inputs. */
final class MergeRules {
  private MergeRules() {}

  static Output<?> merge(Merge layer, LayerContext c, List<Output<?>> inputs) {
    Emitter e = c.e();
    return switch (layer.kind()) {
      case ADD -> folded(e, "AddV2", inputs);
      case SUBTRACT -> folded(e, "Sub", inputs);
      case MULTIPLY -> folded(e, "Mul", inputs);
      case MAXIMUM -> folded(e, "Maximum", inputs);
      case MINIMUM -> folded(e, "Minimum", inputs);
      case AVERAGE -> e.div(folded(e, "AddV2", inputs), e.scalar((float) inputs.size()));
      case CONCATENATE -> e.op("ConcatV2").list(inputs).in(e.scalar(layer.axis())).out();
    };
  }

  private static Output<?> folded(Emitter e, String type, List<Output<?>> inputs) {
    Output<?> result = inputs.get(0);
    for (Output<?> input : inputs.subList(1, inputs.size())) {
      result = e.op(type).in(result, input).out();
    }
    return result;
  }
}
