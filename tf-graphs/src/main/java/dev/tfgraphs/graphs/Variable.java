package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Weight;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** A weight of a model as a resource variable of a graph. */
public final class Variable {
  private final Weight weight;
  private final Resource resource;

  Variable(Weight weight, Resource resource) {
    this.weight = weight;
    this.resource = resource;
  }

  /** {@return the weight that this holds} */
  public Weight weight() {
    return weight;
  }

  /** {@return the name of the weight, {@code conv1_conv/kernel}} */
  public String name() {
    return weight.path();
  }

  /** {@return the resource, for ops that assign} */
  public Operand<?> handle() {
    return resource.handle();
  }

  /** {@return the op that gives the first value} */
  public GraphOperation initializer() {
    return resource.initializer();
  }

  /**
   * {@return the value as it is when a session is run, to fetch it; what a lowered model reads, and
   * gradients go to, is {@link Lowered#value}}
   */
  @SuppressWarnings("unchecked") // weights are float32
  public Operand<TFloat32> value() {
    return (Output<TFloat32>) resource.read();
  }

  Resource resource() {
    return resource;
  }
}
