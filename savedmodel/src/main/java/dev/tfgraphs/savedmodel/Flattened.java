package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.Flatten;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Layers that take all places of a picture at once. PyTorch counts these by channel, row and
 * column, Keras by row, column and channel.
 */
final class Flattened {
  /** What is flattened, with its batch, by the layer that takes it. */
  private final Map<Layer, Shape> shapes = new HashMap<>();

  private Flattened() {}

  static Flattened in(Model model) {
    Flattened flattened = new Flattened();
    flattened.add(model);
    return flattened;
  }

  private void add(Model model) {
    for (Call call : model.calls()) {
      if (call.layer() instanceof Model inner) {
        add(inner);
      } else if (call.layer() instanceof Dense) {
        Node node = call.inputs().get(0);
        while (changesNoPlaces(node.call())) {
          node = node.call().inputs().get(0);
        }
        if (node.layer() instanceof Flatten) {
          shapes.put(call.layer(), node.call().inputs().get(0).shape());
        }
      }
    }
  }

  /** As activations and dropout. */
  private static boolean changesNoPlaces(Call call) {
    ImmutableList<Node> inputs = call.inputs();
    return !(call.layer() instanceof Model)
        && call.weights().isEmpty()
        && inputs.size() == 1
        && inputs.get(0).shape().equals(call.outputs().get(0).shape());
  }

  /**
   * PyTorch's (out, channels * places) as (out, channels, places), where that makes a difference.
   */
  Shape unfolded(Layer layer, Shape kernel) {
    Shape in = shapes.get(layer);
    if (in == null || in.rank() < 3 || kernel.rank() != 2) {
      return kernel;
    }
    IntStream places = IntStream.range(1, in.rank() - 1).map(in::size);
    Shape unfolded =
        Shape.of(IntStream.concat(IntStream.of(kernel.size(0), in.size(-1)), places).toArray());
    return unfolded.elements() == kernel.elements() ? unfolded : kernel;
  }
}
