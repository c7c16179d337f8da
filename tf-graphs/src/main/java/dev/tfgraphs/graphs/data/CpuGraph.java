package dev.tfgraphs.graphs.data;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;

/** Owns a graph and the session that runs it, on the CPU even where there is a GPU. */
final class CpuGraph implements AutoCloseable {

  private static final ConfigProto CPU_ONLY =
      ConfigProto.newBuilder().putDeviceCount("GPU", 0).build();

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session = new Session(graph, CPU_ONLY);

  Ops tf() {
    return tf;
  }

  Session session() {
    return session;
  }

  /** A placeholder of a type known only at run time. */
  Operand<?> placeholder(DataType dtype, org.tensorflow.ndarray.Shape shape) {
    Output<?> output =
        graph
            .opBuilder("Placeholder", tf.scope().makeOpName("Placeholder"), tf.scope())
            .setAttr("dtype", dtype)
            .setAttr("shape", shape)
            .build()
            .output(0);
    return output;
  }

  /** The session goes first: a graph waits for its sessions, for ever. */
  @Override
  public void close() {
    try {
      session.close();
    } finally {
      graph.close();
    }
  }
}
