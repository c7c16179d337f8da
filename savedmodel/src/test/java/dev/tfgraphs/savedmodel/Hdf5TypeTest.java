package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are those that h5py writes for NumPy's types, and changes of one field of them. */
class Hdf5TypeTest {
  @ParameterizedTest
  @CsvSource({
    "11 20 0f 00 02 00 00 00 00 00 10 00 0a 05 00 0a 0f 00 00 00, float16",
    "11 20 1f 00 04 00 00 00 00 00 20 00 17 08 00 17 7f 00 00 00, float32",
    "11 20 3f 00 08 00 00 00 00 00 40 00 34 0b 00 34 ff 03 00 00, float64",
    "11 21 1f 00 04 00 00 00 00 00 20 00 17 08 00 17 7f 00 00 00, float32",
    "10 08 00 00 02 00 00 00 00 00 10 00, int16",
    "10 00 00 00 02 00 00 00 00 00 10 00, uint16",
    "10 08 00 00 04 00 00 00 00 00 20 00, int32",
    "10 00 00 00 04 00 00 00 00 00 20 00, uint32",
    "11 61 1f 00 04 00 00 00 00 00 20 00 17 08 00 17 7f 00 00 00, class 1 of 4 bytes",
    "11 00 1f 00 04 00 00 00 00 00 20 00 17 08 00 17 7f 00 00 00, class 1 of 4 bytes",
    "11 20 00 00 04 00 00 00 00 00 20 00 17 08 00 17 7f 00 00 00, class 1 of 4 bytes",
    "11 20 1f 00 04 00 00 00 00 00 20 00 17 08 00 17 80 00 00 00, class 1 of 4 bytes",
    "11 20 1f 00 04 00 00 00 00 00 20 00 17 08 00 10 7f 00 00 00, class 1 of 4 bytes",
    "11 20 1f 00 04 00 00 00 00 00 20 00 10 08 07 17 7f 00 00 00, class 1 of 4 bytes"
  })
  void numbersAreThoseOfIeee754(String message, String type) {
    byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(message);
    assertEquals(
        type, Hdf5Type.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)).toString());
  }
}
