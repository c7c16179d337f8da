package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * The ops that make norms of gradients.
 *
 * @param norms one for each weight that trains, in the order of the model
 * @param places the same weights, of which no norms are known yet
 */
record NormOps(ImmutableList<Output<?>> norms, GradientNorms places) {
  /** Where nothing trains. */
  static final NormOps NONE =
      new NormOps(ImmutableList.of(), new GradientNorms(ImmutableList.of()));

  /**
   * Makes ops.
   *
   * @param unscaled makes of a norm that of the gradient without its scale
   */
  static NormOps of(
      Emitter e,
      Model model,
      Map<Variable, Output<?>> gradients,
      UnaryOperator<Output<?>> unscaled) {
    Map<Layer, Integer> depths = new HashMap<>();
    List<Integer> starts = model.inputs().stream().map(input -> 0).toList();
    var unusedOutputs = depths(model, starts, depths);
    ImmutableList.Builder<Output<?>> norms = ImmutableList.builder();
    ImmutableList.Builder<GradientNorms.OfWeight> places = ImmutableList.builder();
    gradients.forEach(
        (variable, gradient) -> {
          norms.add(unscaled.apply(norm(e, gradient)));
          int depth = Objects.requireNonNull(depths.get(variable.weight().layer()));
          places.add(new GradientNorms.OfWeight(variable.name(), depth, Double.NaN));
        });
    return new NormOps(norms.build(), new GradientNorms(places.build()));
  }

  /** Squares of the smallest and largest numbers are none in float32, those of their parts are. */
  private static Output<?> norm(Emitter e, Output<?> gradient) {
    Output<?> largest = e.reduceAll("Max", e.op("Abs").in(gradient).out());
    Output<?> half = e.op("L2Loss").in(e.op("DivNoNan").in(gradient, largest).out()).out();
    return e.mul(largest, e.op("Sqrt").in(e.mul(e.scalar(2f), half)).out());
  }

  /**
   * How many layers with kernels are on the longest way to each output of {@code model}, and to the
   * end of each layer.
   */
  private static List<Integer> depths(
      Model model, List<Integer> starts, Map<Layer, Integer> ofLayers) {
    Map<Node, Integer> ofNodes = new HashMap<>();
    for (int i = 0; i < starts.size(); i++) {
      ofNodes.put(model.inputs().get(i), starts.get(i));
    }
    for (Call call : model.calls()) {
      List<Integer> before = call.inputs().stream().map(node -> at(ofNodes, node)).toList();
      List<Integer> behind = behind(call, before, ofLayers);
      for (int i = 0; i < behind.size(); i++) {
        ofNodes.putIfAbsent(call.outputs().get(i), behind.get(i));
      }
    }
    return model.outputs().stream().map(node -> at(ofNodes, node)).toList();
  }

  private static List<Integer> behind(
      Call call, List<Integer> before, Map<Layer, Integer> ofLayers) {
    if (call.layer() instanceof Model nested) {
      return depths(nested, before, ofLayers);
    }
    boolean hasKernel = call.weights().stream().anyMatch(weight -> weight.shape().rank() > 1);
    int depth = before.stream().mapToInt(i -> i).max().orElse(0) + (hasKernel ? 1 : 0);
    ofLayers.merge(call.layer(), depth, Math::min);
    return call.outputs().stream().map(node -> depth).toList();
  }

  private static int at(Map<Node, Integer> depths, Node node) {
    return Objects.requireNonNull(depths.get(node));
  }

  /** Runs them. */
  GradientNorms fetched(Session.Runner runner) {
    norms.forEach(runner::fetch);
    List<Double> numbers = new ArrayList<>();
    try (Result result = runner.run()) {
      for (int i = 0; i < norms.size(); i++) {
        numbers.add((double) ((TFloat32) result.get(i)).getFloat());
      }
    }
    return places.with(numbers);
  }
}
