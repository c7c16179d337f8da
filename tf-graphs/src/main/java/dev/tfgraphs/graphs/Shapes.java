package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;

/** Between the description's shapes and TensorFlow's. */
final class Shapes {
  private Shapes() {}

  static org.tensorflow.ndarray.Shape toTensorFlow(Shape shape) {
    long[] sizes = new long[shape.rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = shape.size(i);
    }
    return org.tensorflow.ndarray.Shape.of(sizes);
  }

  static Shape fromTensorFlow(org.tensorflow.ndarray.Shape shape) {
    int[] sizes = new int[shape.numDimensions()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(shape.get(i));
    }
    return Shape.of(sizes);
  }
}
