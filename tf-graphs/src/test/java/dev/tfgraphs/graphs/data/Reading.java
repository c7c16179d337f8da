package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.graphs.GraphException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Reads batches into plain lists. */
final class Reading {

  private Reading() {}

  /** One value for each batch of a pass. */
  static <T> List<T> pass(Batches batches, int epoch, Function<Batch, T> read) {
    batches.begin(epoch);
    List<T> all = new ArrayList<>();
    for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
      try (Batch batch = next.get()) {
        all.add(read.apply(batch));
      }
    }
    assertEquals(Optional.empty(), batches.next(), "the end of a pass stays the end");
    return all;
  }

  /** The first inputs' numbers, batch by batch, of one unshuffled pass. */
  static List<List<Number>> inputs(Dataset dataset, int batchSize) {
    try (Batches batches = dataset.open(batchSize, false, 0)) {
      return pass(batches, 0, batch -> numbers(batch.inputs().get(0)));
    }
  }

  static List<Number> numbers(Tensor tensor) {
    List<Number> all = new ArrayList<>();
    RawTensor raw = tensor.asRawTensor();
    for (long i = 0; i < tensor.shape().size(); i++) {
      all.add(number(tensor, raw, i));
    }
    return all;
  }

  private static Number number(Tensor tensor, RawTensor raw, long index) {
    if (tensor instanceof TFloat32) {
      return raw.data().asFloats().getFloat(index);
    } else if (tensor instanceof TInt32) {
      return raw.data().asInts().getInt(index);
    } else if (tensor instanceof TInt64) {
      return raw.data().asLongs().getLong(index);
    } else if (tensor instanceof TUint8) {
      return Byte.toUnsignedInt(raw.data().getByte(index));
    }
    throw new AssertionError("unexpected " + tensor.dataType());
  }

  static void assertFails(String message, Executable action) {
    assertEquals(message, assertThrows(GraphException.class, action).getMessage());
  }
}
