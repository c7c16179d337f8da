package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Where a batch enters a graph, in one of several types: what is not of the type of {@code value}
 * is fed before casts. Bytes are a quarter of the floats that they stand for.
 */
record Slot(String name, Output<?> value, ImmutableMap<DataType, Output<?>> feeds) {

  /** Where a batch enters {@code model}, for each of its inputs. */
  static ImmutableList<Slot> inputs(Emitter e, Model model) {
    return model.inputs().stream()
        .map(
            input ->
                create(
                    e.under("input"),
                    model.nameOf(input.layer()),
                    DataType.DT_FLOAT,
                    input.shape()))
        .collect(ImmutableList.toImmutableList());
  }

  /** A slot of {@code type} that also takes uint8. */
  private static Slot create(Emitter e, String name, DataType type, Shape shape) {
    return create(e, name, Shapes.toTensorFlow(shape), ImmutableList.of(DataType.DT_UINT8, type));
  }

  /** A slot of any shape and of {@code type} that also takes integers. */
  static Slot target(Emitter e, String name, DataType type) {
    return create(
        e,
        name,
        org.tensorflow.ndarray.Shape.unknown(),
        ImmutableSet.of(DataType.DT_UINT8, DataType.DT_INT32, type).asList());
  }

  /** A slot of the last of {@code types}, each of which is cast to the next. */
  private static Slot create(
      Emitter e, String name, org.tensorflow.ndarray.Shape shape, ImmutableList<DataType> types) {
    DataType first = types.get(0);
    DataType last = types.get(types.size() - 1);
    ImmutableMap.Builder<DataType, Output<?>> feeds = ImmutableMap.builder();
    Output<?> value =
        e.op("Placeholder", name + "/" + first).attr("dtype", first).attr("shape", shape).out();
    feeds.put(first, value);
    for (DataType type : types.subList(1, types.size())) {
      value =
          e.op("PlaceholderWithDefault", type == last ? name : name + "/" + type)
              .in(e.under(name).cast(value, type))
              .attr("shape", shape)
              .out();
      feeds.put(type, value);
    }
    return new Slot(name, value, feeds.buildOrThrow());
  }

  /** A slot in the midst of a graph: unless float32 is fed there, {@code value} goes on. */
  static Slot between(Emitter e, String name, Output<?> value) {
    Output<?> feed =
        e.op("PlaceholderWithDefault", name)
            .in(e.under(name).cast(value, DataType.DT_FLOAT))
            .attr("shape", value.shape())
            .out();
    return new Slot(name, feed, ImmutableMap.of(DataType.DT_FLOAT, feed));
  }

  /** The same slot in a graph that has ops of the same names. */
  Slot in(Graph graph) {
    ImmutableMap.Builder<DataType, Output<?>> others = ImmutableMap.builder();
    feeds.forEach((type, feed) -> others.put(type, same(feed, graph)));
    return new Slot(name, same(value, graph), others.buildOrThrow());
  }

  /** The output of the same op in another graph. */
  static Output<?> same(Output<?> output, Graph graph) {
    return graph.operationOrThrow(output.op().name()).output(output.index());
  }

  /** The operand to feed values of {@code type} to. */
  Output<?> feed(DataType type) {
    Output<?> feed = feeds.get(type);
    if (feed == null) {
      throw new GraphException(name + ": expected " + types() + ", received " + type);
    }
    return feed;
  }

  /** What may be fed, in words. */
  String types() {
    return String.join(" or ", feeds.keySet().stream().map(DataType::name).toList());
  }
}
