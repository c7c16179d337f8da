package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A user's layer, which keeps the shape, has no weights and does nothing in inference. */
final class Own extends CustomLayer implements LoweredLayer {
  /** Ops as a user writes them. */
  interface Body {
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x);
  }

  private final Body body;

  Own(Body body) {
    this.body = body;
  }

  @Override
  public Own name(String name) {
    return named(this, name);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    return only(inputs);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
    return ImmutableList.of();
  }

  @Override
  public Operand<TFloat32> lower(LayerContext context, List<Operand<TFloat32>> inputs) {
    // in inference nobody asks for a gradient
    return context.training() ? body.apply(context.tf(), inputs.get(0)) : inputs.get(0);
  }
}
