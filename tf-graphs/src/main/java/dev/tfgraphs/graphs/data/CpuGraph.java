package dev.tfgraphs.graphs.data;

import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;

/** Owns a graph and the session that runs it, on the CPU even where there is a GPU. */
final class CpuGraph implements AutoCloseable {

  private static final ConfigProto CPU_ONLY =
      ConfigProto.newBuilder().putDeviceCount("GPU", 0).build();

  private final Graph graph = new Graph();
  private final Ops tf;
  private final Session session;

  CpuGraph() {
    this(graph -> new Session(graph, CPU_ONLY));
  }

  /** Frees the graph if its session cannot be made. */
  CpuGraph(Function<Graph, Session> sessions) {
    try {
      tf = Ops.create(graph);
      session = sessions.apply(graph);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  Ops tf() {
    return tf;
  }

  Session session() {
    return session;
  }

  GraphDef definition() {
    return graph.toGraphDef();
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
