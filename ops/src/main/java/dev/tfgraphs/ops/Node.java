package dev.tfgraphs.ops;

import com.google.errorprone.annotations.CheckReturnValue;

/**
 * A tensor of the network that is being described: what a layer makes of other nodes. It knows its
 * shape at once.
 */
@CheckReturnValue
public final class Node {
  private final Call call;
  private final int index;
  private final Shape shape;

  Node(Call call, int index, Shape shape) {
    this.call = call;
    this.index = index;
    this.shape = shape;
  }

  /**
   * {@return what {@code layer} makes of this node}
   *
   * @throws ModelException if this node's shape does not fit the layer
   */
  public Node to(Layer layer) {
    return layer.on(this);
  }

  /** {@return the shape; the first size is the batch} */
  public Shape shape() {
    return shape;
  }

  /** {@return the size of the last axis} */
  public int channels() {
    return shape.size(-1);
  }

  /** {@return the layer that makes this node} */
  public Layer layer() {
    return call.layer();
  }

  /** {@return the application of the layer that makes this node} */
  public Call call() {
    return call;
  }

  /**
   * {@return which of the call's results this is; 0 unless a model with several outputs was
   * applied}
   */
  public int index() {
    return index;
  }

  @Override
  public String toString() {
    return layer() + " " + shape;
  }
}
