package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** Lowers users' own layers, and holds them to what layers promise. */
final class CustomLayers {
  private CustomLayers() {}

  /**
   * What {@code layer} makes of {@code inputs}.
   *
   * @param given the shapes that layers inferred for the inputs
   * @param inferred what the layer inferred from them
   */
  static Output<?> lower(
      Layer layer,
      LayerContext context,
      List<Output<?>> inputs,
      List<Shape> given,
      Shape inferred) {
    return checked(own(layer, context, inputs), context, given, inferred);
  }

  @SuppressWarnings("unchecked") // what flows between layers is float32
  private static Output<?> own(Layer layer, LayerContext context, List<Output<?>> inputs) {
    if (!(layer instanceof LoweredLayer own)) {
      throw new GraphException(
          "expected a class that implements LoweredLayer, received " + layer.getClass().getName());
    }
    List<Operand<TFloat32>> operands =
        inputs.stream().<Operand<TFloat32>>map(input -> (Output<TFloat32>) input).toList();
    return own.lower(context, operands).asOutput();
  }

  /** Generics do not hold a user's layer to the graph, the type or the shape. */
  private static Output<?> checked(
      Output<?> result, LayerContext context, List<Shape> given, Shape inferred) {
    if (result.env() != context.tf().scope().env()) {
      throw new GraphException(
          "expected a result in the graph of the model, received one in another");
    }
    if (result.dataType() != DataType.DT_FLOAT) {
      throw new GraphException("expected a result of DT_FLOAT, received " + result.dataType());
    }
    if (result.shape().isUnknown()) {
      return result;
    }
    Shape received = Shapes.fromTensorFlow(result.shape());
    if (!Targets.matches(inferred, received) || losesBatch(given, inferred, received)) {
      throw new GraphException("expected a result of " + inferred + ", received " + received);
    }
    return result;
  }

  /** Whether a result has one size for every batch that may come. */
  private static boolean losesBatch(List<Shape> given, Shape inferred, Shape received) {
    return received.rank() > 0
        && received.size(0) != Shape.UNKNOWN
        && inferred.size(0) == Shape.UNKNOWN
        && given.stream().allMatch(shape -> shape.rank() > 0 && shape.size(0) == Shape.UNKNOWN);
  }
}
