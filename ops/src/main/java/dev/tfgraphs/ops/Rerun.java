package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a model's calls over shapes, for a model that is applied to other nodes than it was made of.
 */
final class Rerun {
  private Rerun() {}

  static ImmutableList<Shape> shapes(Model model, List<Shape> inputs) {
    Map<Node, Shape> known = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Shape declared = model.inputs().get(i).shape();
      model.require(fits(inputs.get(i), declared), "an input " + declared, inputs.get(i));
      known.put(model.inputs().get(i), inputs.get(i));
    }
    for (Call call : model.calls()) {
      if (call.layer() instanceof Input) {
        continue;
      }
      ImmutableList<Shape> results =
          call.layer().inferAll(call.inputs().stream().map(known::get).toList());
      for (int i = 0; i < results.size(); i++) {
        known.put(call.outputs().get(i), results.get(i));
      }
    }
    return model.outputs().stream().map(known::get).collect(ImmutableList.toImmutableList());
  }

  private static boolean fits(Shape shape, Shape declared) {
    if (shape.rank() != declared.rank()) {
      return false;
    }
    for (int axis = 0; axis < shape.rank(); axis++) {
      int wanted = declared.size(axis);
      int size = shape.size(axis);
      if (wanted != Shape.UNKNOWN && size != Shape.UNKNOWN && wanted != size) {
        return false;
      }
    }
    return true;
  }
}
