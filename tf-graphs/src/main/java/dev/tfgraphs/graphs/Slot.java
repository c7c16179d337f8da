package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Shape;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Where a batch enters a graph, in one of several types: what is not of the type of {@code value}
 * is fed before a cast. Bytes are a quarter of the floats that they stand for.
 */
record Slot(String name, Output<?> value, ImmutableMap<DataType, Output<?>> feeds) {

  /** A slot of {@code type} that also takes uint8. */
  static Slot create(Emitter e, String name, DataType type, org.tensorflow.ndarray.Shape shape) {
    Output<?> bytes =
        e.op("Placeholder", name + "/bytes")
            .attr("dtype", DataType.DT_UINT8)
            .attr("shape", shape)
            .out();
    Output<?> value =
        e.op("PlaceholderWithDefault", name)
            .in(e.under(name).cast(bytes, type))
            .attr("shape", shape)
            .out();
    return new Slot(name, value, ImmutableMap.of(DataType.DT_UINT8, bytes, type, value));
  }

  static Slot create(Emitter e, String name, DataType type, Shape shape) {
    return create(e, name, type, Shapes.toTensorFlow(shape));
  }

  /** The operand to feed values of {@code type} to. */
  Output<?> feed(DataType type) {
    Output<?> feed = feeds.get(type);
    if (feed == null) {
      throw new GraphException(name + ": expected " + names() + ", received " + type);
    }
    return feed;
  }

  private String names() {
    return String.join(" or ", feeds.keySet().stream().map(DataType::name).toList());
  }
}
