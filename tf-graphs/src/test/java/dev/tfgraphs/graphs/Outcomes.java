package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** A graph for losses and metrics alone, to which predictions, targets and weights are fed. */
final class Outcomes implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Emitter e = Emitter.into(Ops.create(graph));
  private final Targets targets;
  private final Output<?> prediction;
  private final Output<?> target;
  private final @Nullable Output<?> weights;
  private @Nullable Session session;

  /**
   * Of predictions of one shape, batches of any size, weighted by weights of a shape if it has an
   * axis.
   */
  Outcomes(Targets targets, Shape weighted) {
    this.targets = targets;
    this.prediction = placeholder(targets.output());
    this.target = placeholder(targets.shape());
    this.weights = weighted.rank() == 0 ? null : placeholder(weighted.with(0, Shape.UNKNOWN));
  }

  private Output<?> placeholder(Shape shape) {
    return e.op("Placeholder")
        .attr("dtype", DataType.DT_FLOAT)
        .attr("shape", Shapes.toTensorFlow(shape))
        .out();
  }

  Emitter emitter() {
    return e;
  }

  Output<?> prediction() {
    return prediction;
  }

  Outcome outcome() {
    return new Outcome(
        targets,
        prediction,
        Optional.empty(),
        e.cast(target, targets.type()),
        Optional.ofNullable(weights));
  }

  /** Runs what takes no data. */
  void run(GraphOperation wanted) {
    running().runner().addTarget(wanted).run().close();
  }

  /** What {@code wanted} is, without data. */
  HostTensor get(Output<?> wanted) {
    try (Result result = running().runner().fetch(wanted).run()) {
      return HostTensor.of(result.get(0));
    }
  }

  /** Runs ops on a batch. */
  void feed(HostTensor y, HostTensor t, HostTensor w, GraphOperation wanted) {
    try (Feeds feeds = new Feeds(y, t, w)) {
      feeds.runner().addTarget(wanted).run().close();
    }
  }

  /** What {@code wanted} is of a batch. */
  HostTensor get(HostTensor y, HostTensor t, HostTensor w, Output<?> wanted) {
    try (Feeds feeds = new Feeds(y, t, w);
        Result result = feeds.runner().fetch(wanted).run()) {
      return HostTensor.of(result.get(0));
    }
  }

  private Session running() {
    if (session == null) {
      session = new Session(graph);
      session.initialize();
    }
    return session;
  }

  /** A batch on its way in; weights are fed only where they are used. */
  private final class Feeds implements AutoCloseable {
    private final List<Tensor> tensors = new ArrayList<>();
    private final Session.Runner runner = running().runner();

    Feeds(HostTensor y, HostTensor t, HostTensor w) {
      feed(prediction, y);
      Shape sized = targets.shape().with(0, y.shape().size(0));
      boolean any = targets.kind() == Targets.Kind.SEQUENCES;
      feed(target, new HostTensor(any ? t.shape() : sized, t.values()));
      if (weights != null) {
        feed(weights, w);
      }
    }

    private void feed(Output<?> place, HostTensor value) {
      Tensor tensor = value.toNative();
      tensors.add(tensor);
      runner.feed(place, tensor);
    }

    Session.Runner runner() {
      return runner;
    }

    @Override
    public void close() {
      tensors.forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
    graph.close();
  }
}
