package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Shape;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** A mean that gathers in the graph, batch by batch: Keras's {@code Mean} metric, float32. */
record Meter(String name, Resource total, Resource count) {

  static Meter create(Emitter e, String name) {
    return new Meter(
        name,
        Resource.zeros(e.under(name), "total", Shape.of()),
        Resource.zeros(e.under(name), "count", Shape.of()));
  }

  /** The op that adds {@code sum} of {@code number} values. */
  GraphOperation gather(Emitter e, Output<?> sum, Output<?> number) {
    GraphOperation added = total.increase(e, sum);
    return e.group(name + "/gather", List.of(added, count.increase(e, number)));
  }

  /** The mean so far; 0 before the first value. */
  Output<?> mean(Emitter e) {
    return e.op("DivNoNan").in(total.read(), count.read()).out();
  }

  /** The op that forgets everything. */
  GraphOperation reset(Emitter e) {
    GraphOperation emptied = total.assign(e, e.scalar(0f));
    return e.group(name + "/reset", List.of(emptied, count.assign(e, e.scalar(0f))));
  }
}
