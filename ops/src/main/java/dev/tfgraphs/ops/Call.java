package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.HashSet;
import java.util.Set;

/** One application of a layer to nodes. A shared layer has several; Keras calls this a node. */
public final class Call {
  private final long order = Layer.nextOrder();
  private final Layer layer;
  private final ImmutableList<Node> inputs;
  private final ImmutableList<Node> outputs;
  private final ImmutableList<WeightSpec> weights;

  Call(Layer layer, ImmutableList<Node> inputs) {
    this.layer = layer;
    this.inputs = inputs;
    ImmutableList<Shape> shapes = shapes(inputs);
    ImmutableList<Shape> results = layer.inferAll(shapes);
    ImmutableList.Builder<Node> nodes = ImmutableList.builderWithExpectedSize(results.size());
    for (int i = 0; i < results.size(); i++) {
      nodes.add(new Node(this, i, results.get(i)));
    }
    this.outputs = nodes.build();
    this.weights = layer.weights(shapes);
    if (!(layer instanceof Model)) {
      checkWeights();
      checkActivity();
    }
  }

  private void checkWeights() {
    Set<String> names = new HashSet<>();
    for (WeightSpec weight : weights) {
      layer.require(
          names.add(weight.name()),
          "weights with names of their own",
          "'" + weight.name() + "' twice");
      weight
          .misfit()
          .ifPresent(
              fitting -> {
                throw layer.expected(
                    "a weight '" + weight.name() + "' of " + fitting, weight.shape());
              });
    }
  }

  private void checkActivity() {
    for (Node output : outputs) {
      layer.require(
          layer.activityRegularizer().stream()
              .allMatch(penalty -> WeightSpec.fits(penalty, output.shape())),
          "a result of rank 2 with two vectors or more, their number known, for an orthogonal"
              + " regularizer",
          output.shape());
    }
  }

  /** {@return the layer that is applied} */
  public Layer layer() {
    return layer;
  }

  /** {@return what it is applied to, in the order of the arguments} */
  public ImmutableList<Node> inputs() {
    return inputs;
  }

  /** {@return the results: one, unless the layer is a model with several outputs} */
  public ImmutableList<Node> outputs() {
    return outputs;
  }

  /**
   * {@return the layer's weights for these inputs, in Keras's order; a model's are those of its
   * layers}
   */
  public ImmutableList<WeightSpec> weights() {
    return weights;
  }

  /** A number that grows with every call made. */
  long order() {
    return order;
  }

  Node onlyOutput() {
    if (outputs.size() != 1) {
      throw layer.expected(
          "a layer with one output (use Model.call for several)", outputs.size() + " outputs");
    }
    return outputs.get(0);
  }

  static ImmutableList<Shape> shapes(Iterable<Node> nodes) {
    ImmutableList.Builder<Shape> shapes = ImmutableList.builder();
    nodes.forEach(node -> shapes.add(node.shape()));
    return shapes.build();
  }
}
