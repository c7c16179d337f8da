package example;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Multiplies two numbers with TensorFlow, on the module path. */
final class Sample {
  private Sample() {}

  public static void main(String[] args) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var product = tf.math.mul(tf.constant(6f), tf.constant(7f));
      try (var result = session.runner().fetch(product).run()) {
        System.out.println(((TFloat32) result.get(0)).getFloat());
      }
    }
  }
}
