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
import java.util.Optional;
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
    flattened.add(model, ImmutableList.of());
    return flattened;
  }

  /** Adds what is flattened in a model that is called in the last of {@code around}. */
  private void add(Model model, ImmutableList<Call> around) {
    for (Call call : model.calls()) {
      if (call.layer() instanceof Model inner) {
        add(inner, in(around, call));
      } else if (call.layer() instanceof Dense) {
        flatten(call.inputs().get(0), around)
            .ifPresent(flatten -> shapes.put(call.layer(), flatten.inputs().get(0).shape()));
      }
    }
  }

  private static ImmutableList<Call> in(ImmutableList<Call> around, Call call) {
    return ImmutableList.<Call>builder().addAll(around).add(call).build();
  }

  /** What has flattened a node, also outside the model that it is in, or inside one before it. */
  private static Optional<Call> flatten(Node node, ImmutableList<Call> around) {
    Call call = node.call();
    if (call.layer() instanceof Flatten) {
      return Optional.of(call);
    }
    if (call.layer() instanceof Model inner) {
      return flatten(inner.outputs().get(call.outputs().indexOf(node)), in(around, call));
    }
    if (!around.isEmpty()) {
      Call outer = around.get(around.size() - 1);
      int place = ((Model) outer.layer()).inputs().indexOf(node);
      if (place >= 0) {
        return flatten(outer.inputs().get(place), around.subList(0, around.size() - 1));
      }
    }
    return changesNoPlaces(call) ? flatten(call.inputs().get(0), around) : Optional.empty();
  }

  /** As activations and dropout. */
  private static boolean changesNoPlaces(Call call) {
    ImmutableList<Node> inputs = call.inputs();
    return call.weights().isEmpty()
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
