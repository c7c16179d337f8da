package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * A metric in a graph: it gathers batch by batch, and tells.
 *
 * @param name Keras's name, as it stands in a history
 * @param direction where the metric is better, if Keras says so
 * @param update gathers the batch
 * @param reset forgets everything
 * @param result what was gathered, float32: a number, or one for each class or threshold
 * @param state what is gathered
 */
record Gauge(
    String name,
    Optional<Direction> direction,
    GraphOperation update,
    GraphOperation reset,
    Output<?> result,
    ImmutableList<Resource> state) {
  /** Where a monitored number is better. */
  enum Direction {
    UP,
    DOWN
  }

  /** The result as numbers; several are counted from 0 behind the name. */
  ImmutableMap<String, Output<?>> numbers(Emitter e) {
    if (Arithmetic.rank(result) == 0) {
      return ImmutableMap.of(name, result);
    }
    ImmutableMap.Builder<String, Output<?>> numbers = ImmutableMap.builder();
    for (int i = 0; i < result.shape().get(0); i++) {
      Output<?> one = e.op("GatherV2").in(result, e.scalar(i), e.scalar(0)).out();
      numbers.put(name + "_" + i, one);
    }
    return numbers.buildOrThrow();
  }

  /** A gauge in the making. */
  static final class Builder {
    private final Emitter e;
    private final List<GraphOperation> valid;
    private final List<Resource> state = new ArrayList<>();
    private final List<GraphOperation> updates = new ArrayList<>();
    private final List<GraphOperation> resets = new ArrayList<>();

    /** Makes ops under {@code e}, which gather once {@code valid} has been found. */
    Builder(Emitter e, List<GraphOperation> valid) {
      this.e = e;
      this.valid = valid;
    }

    /** What {@code value} comes to over the batches, of known {@code shape} and its type. */
    Output<?> gather(String variable, Shape shape, Output<?> value) {
      Emitter first = e.under(variable).initializing();
      Output<?> zeros = zeros(first, shape, value.dataType());
      Resource gathered = Resource.create(e, variable, shape, zeros);
      state.add(gathered);
      updates.add(gathered.increase(e.after(valid), value));
      resets.add(gathered.assign(e, zeros(e, shape, value.dataType())));
      return gathered.read();
    }

    private static Output<?> zeros(Emitter e, Shape shape, DataType type) {
      return e.cast(InitialValues.filled(e, shape, 0), type);
    }

    Gauge build(String name, Optional<Direction> direction, Output<?> result) {
      return new Gauge(
          name,
          direction,
          e.group("gather", updates),
          e.group("reset", resets),
          result,
          ImmutableList.copyOf(state));
    }
  }
}
