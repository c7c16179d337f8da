package dev.tfgraphs.ops;

/**
 * A kind of layer that this library does not have. A subclass says its shape and weights here; how
 * TensorFlow runs it is said by the interface {@code dev.tfgraphs.graphs.LoweredLayer}, which it
 * implements too.
 */
public abstract non-sealed class CustomLayer extends Layer {
  /** Makes a layer without a name. */
  protected CustomLayer() {}
}
