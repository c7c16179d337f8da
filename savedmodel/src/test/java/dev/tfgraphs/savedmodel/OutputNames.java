package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;

/** What a signature should call the outputs of a model, in the model's order. */
final class OutputNames {
  private OutputNames() {}

  static List<String> of(Model model) {
    List<String> layers = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Node output : model.outputs()) {
      String layer = model.nameOf(output.layer());
      long before = layers.stream().filter(layer::equals).count();
      layers.add(layer);
      names.add(before == 0 ? layer : layer + "_" + before);
    }
    return names;
  }
}
