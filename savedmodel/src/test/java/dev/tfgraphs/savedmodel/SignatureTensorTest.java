package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.ops.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

class SignatureTensorTest {
  private static TensorInfo of(long size) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setSize(-1);
    shape.addDimBuilder().setSize(size);
    return TensorInfo.newBuilder().setTensorShape(shape).build();
  }

  @Test
  void sizesMayBeUnknown() {
    assertEquals(
        Optional.of(Shape.of(Shape.UNKNOWN, 5)), SignatureTensor.of("images", of(5)).shape());
  }

  @ParameterizedTest
  @ValueSource(longs = {-5, -2, 1L << 31, Long.MIN_VALUE})
  void otherSizesAreRefused(long size) {
    ModelFileException thrown =
        assertThrows(ModelFileException.class, () -> SignatureTensor.of("images", of(size)));
    assertEquals(
        "'images': expected sizes from 0 to 2147483647, or -1 where they are unknown, received "
            + size,
        thrown.getMessage());
  }
}
