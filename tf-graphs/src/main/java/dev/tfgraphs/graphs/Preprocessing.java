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
  private final ImmutableList<Layer> layers;

  private Preprocessing(long seed, ImmutableList<Layer> layers) {
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
    return new Preprocessing(seed, ImmutableList.copyOf(layers));
  }

  /** Casts the batch to float32 and applies the layers. */
  @Override
  public Operand<?> apply(Ops tf, Operand<?> input, Operand<TInt64> number) {
    Model model = model(input.asOutput().shape());
    Lowering lowering = Lowering.of(tf, model, seed);
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
    Node node = input;
    for (Layer layer : layers) {
      node = node.to(layer);
    }
    return Model.of(input, node);
  }

  /** How many draws a batch takes of each layer, found in a graph that is gone afterwards. */
  private Map<Layer, Integer> drawn(Model model) {
    try (Graph graph = new Graph()) {
      Lowering lowering = Lowering.of(Ops.create(graph), model, seed);
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
