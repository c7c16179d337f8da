package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.stream.Collectors;

/** What can be asked why it takes an image for a class: a model with one image and one output. */
final class ClassOutput {
  private ClassOutput() {}

  /**
   * Sees that a model tells classes apart, that there is such a class, and one image.
   *
   * @param call how errors call what is computed
   * @throws GraphException if not
   */
  static void check(String call, Model model, HostTensor image, int classIndex) {
    List<Node> outputs = model.outputs();
    if (outputs.size() != 1 || outputs.get(0).shape().rank() != 2) {
      throw new GraphException(
          "%s: expected a model with one output (batch, classes), received one with %s%s"
              .formatted(
                  call,
                  outputs.stream()
                      .map(node -> node.shape().toString())
                      .collect(Collectors.joining(" and ")),
                  outputs.size() > 1 ? "; model.tap(name) has the one of that name" : ""));
    }
    int classes = outputs.get(0).shape().size(1);
    if (classIndex < 0 || classIndex >= classes) {
      throw new GraphException(
          "%s: expected a class of 0 or more and less than %d, received %d"
              .formatted(call, classes, classIndex));
    }
    Shape wanted = model.inputs().get(0).shape();
    if (model.inputs().size() != 1 || wanted.rank() != 4) {
      throw new GraphException(
          "%s: expected a model with one input (batch, height, width, channels), received one with %s"
              .formatted(
                  call,
                  model.inputs().stream()
                      .map(node -> node.shape().toString())
                      .collect(Collectors.joining(" and "))));
    }
    if (!Targets.matches(wanted.with(0, 1), image.shape())) {
      throw new GraphException(
          "%s: expected one image %s, received %s"
              .formatted(call, wanted.with(0, 1), image.shape()));
    }
  }
}
