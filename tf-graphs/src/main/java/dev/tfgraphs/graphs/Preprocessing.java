package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.data.NumberedMapFunction;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt64;

/**
 * Layers that change the batches of a dataset before they reach the model, in training mode: {@code
 * dataset.map(Preprocessing.of(1, randomFlip(), randomZoom(0.2)))}. Random ones draw what Keras
 * draws where its layers stand in {@code Dataset.map}, batch after batch and pass after pass; the
 * seed and the number of the batch decide what.
 */
public final class Preprocessing implements NumberedMapFunction {
  private final long seed;
  private final UnaryOperator<Node> layers;

  private Preprocessing(long seed, UnaryOperator<Node> layers) {
    this.seed = seed;
    this.layers = layers;
  }

  /**
   * {@return layers, one after the other, as a change of batches; a model is a layer too}
   *
   * @param seed as {@code keras.utils.set_random_seed} takes it, for layers without one of their
   *     own
   * @throws GraphException if there are no layers
   */
  public static Preprocessing of(long seed, Layer... layers) {
    if (layers.length == 0) {
      throw new GraphException("preprocessing: expected at least one layer, received none");
    }
    ImmutableList<Layer> all = ImmutableList.copyOf(layers);
    return new Preprocessing(seed, batch -> applied(all, batch));
  }

  /**
   * {@return layers by what they make of a batch, as a model and a SavedModel take them too: {@code
   * dataset.map(Preprocessing.of(0, weights.preprocessing()::on))}}
   *
   * @param seed as for {@link #of(long, Layer...)}
   * @param layers from a batch to a batch; they have no weights
   */
  public static Preprocessing of(long seed, UnaryOperator<Node> layers) {
    return new Preprocessing(seed, layers);
  }

  private static Node applied(ImmutableList<Layer> layers, Node batch) {
    Node node = batch;
    for (Layer layer : layers) {
      node = node.to(layer);
    }
    return node;
  }

  /** Casts the batch to float32 and applies the layers. */
  @Override
  public Operand<?> apply(Ops tf, Operand<?> input, Operand<TInt64> number) {
    Model model = model(input.asOutput().shape());
    Lowering lowering = Lowering.of(tf, model, seed, () -> false);
    Output<?> batch = lowering.emitter().cast(input.asOutput(), DataType.DT_FLOAT);
    Draws draws = Draws.placed(lowering.variables(), number.asOutput(), drawn(model));
    return lowering
        .emit(Mode.TRAINING, Precision.FLOAT32, List.of(batch), draws)
        .rawOutputs()
        .get(0);
  }

  private Model model(org.tensorflow.ndarray.Shape batch) {
    Shape shape = Shapes.fromTensorFlow(batch);
    Node input = Layers.input(Arrays.copyOfRange(shape.toArray(), 1, shape.rank()));
    return Model.of(input, layers.apply(input));
  }

  /** How many draws a batch takes of each layer, found in a graph that is gone afterwards. */
  private Map<Layer, Integer> drawn(Model model) {
    try (Graph graph = new Graph()) {
      Lowering lowering = Lowering.of(Ops.create(graph), model, seed, () -> false);
      Output<?> batch =
          lowering
              .emitter()
              .op("Placeholder")
              .attr("dtype", DataType.DT_FLOAT)
              .attr("shape", Shapes.toTensorFlow(model.input().shape()))
              .out();
      return lowering.emit(Mode.TRAINING, List.of(batch)).pass().drawn();
    }
  }
}
