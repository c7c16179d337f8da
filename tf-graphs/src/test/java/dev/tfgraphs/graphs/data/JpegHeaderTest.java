package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orientations are read where they are said, and nothing that is damaged does harm. */
class JpegHeaderTest {
  private static final int TIFF = 6;
  private static final int ENTRIES = TIFF + 8;
  private static final int TAG = ENTRIES + 2 + 12;

  /** EXIF with two entries, of which the second is the orientation. */
  private static byte[] exif(ByteOrder order, int orientation) {
    byte[] bytes = new byte[TAG + 12 + 4];
    ByteBuffer exif = ByteBuffer.wrap(bytes).order(order);
    exif.put("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1));
    exif.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.ISO_8859_1));
    exif.putShort((short) 42).putInt(8).putShort((short) 2);
    exif.putShort((short) 0x0100).putShort((short) 4).putInt(1).putInt(640);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return bytes;
  }

  /** A JPEG up to its sizes: a comment, these segments of APP1, the frame. */
  private static byte[] jpeg(int components, byte[]... app1) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
    segment(out, 0xfe, "hello".getBytes(StandardCharsets.ISO_8859_1));
    for (byte[] data : app1) {
      out.write(0xff); // padding
      segment(out, 0xe1, data);
    }
    segment(out, 0xc2, new byte[] {8, 0, 16, 0, 24, (byte) components, 1, 2, 3});
    return out.toByteArray();
  }

  private static void segment(ByteArrayOutputStream out, int marker, byte[] data) {
    int length = data.length + 2;
    out.writeBytes(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length});
    out.writeBytes(data);
  }

  private static JpegHeader read(byte[] file) {
    try {
      return JpegHeader.read(new ByteArrayInputStream(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> orders() {
    return Stream.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)
        .flatMap(
            order -> Arrays.stream(Orientation.values()).map(each -> Arguments.of(order, each)));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void theOrientationIsReadInBothByteOrders(ByteOrder order, Orientation orientation) {
    byte[] exif = exif(order, orientation.number());
    assertEquals(new JpegHeader(3, orientation), read(jpeg(3, exif)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 255, 256, 0x0600, -1})
  void anOrientationThatIsNoneIsUpright(int number) {
    byte[] exif = exif(ByteOrder.BIG_ENDIAN, number);
    assertEquals(new JpegHeader(3, Orientation.UPRIGHT), read(jpeg(3, exif)));
  }

  @Test
  void segmentsOfOtherNamesArePassedOver() {
    byte[] other = "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(StandardCharsets.ISO_8859_1);
    byte[] exif = exif(ByteOrder.LITTLE_ENDIAN, 6);
    assertEquals(
        new JpegHeader(4, Orientation.LEFT), read(jpeg(4, other, new byte[0], exif, other)));
    assertEquals(new JpegHeader(1, Orientation.UPRIGHT), read(jpeg(1)));
  }

  private static Orientation of(Consumer<ByteBuffer> damage) {
    byte[] exif = exif(ByteOrder.BIG_ENDIAN, 6);
    damage.accept(ByteBuffer.wrap(exif));
    JpegHeader header = read(jpeg(3, exif));
    assertEquals(3, header.components(), "the frame is found behind it");
    return header.orientation();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, another name",
    "6, 0x4d4e, another byte order",
    "8, 43, another number than 42",
    "28, 0x0113, another tag",
    "30, 4, a long number",
    "30, 2, a text",
  })
  void whatIsOddIsUpright(int at, String value, String what) {
    assertEquals(Orientation.UPRIGHT, of(exif -> exif.putShort(at, Short.decode(value))), what);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1, 44, 45, 1 << 20})
  void aDirectoryElsewhereIsUpright(int start) {
    assertEquals(Orientation.UPRIGHT, of(exif -> exif.putInt(TIFF + 4, start)));
  }

  @Test
  void moreEntriesThanThereAreBytesAreUpright() {
    assertEquals(Orientation.LEFT, of(exif -> exif.putShort(ENTRIES, (short) -1)));
    assertEquals(
        Orientation.UPRIGHT,
        of(exif -> exif.putShort(ENTRIES, (short) -1).putShort(TAG, (short) 0x0113)));
    assertEquals(Orientation.UPRIGHT, of(exif -> exif.putInt(TAG + 4, 2)));
  }

  @Test
  void aFileThatEndsEarlySaysWhatItHasSaid() {
    byte[] whole = jpeg(3, exif(ByteOrder.LITTLE_ENDIAN, 8));
    for (int length = 0; length < whole.length - 4; length++) {
      JpegHeader header = read(Arrays.copyOf(whole, length));
      assertEquals(0, header.components());
    }
    byte[] withoutFrame = Arrays.copyOf(whole, whole.length - 13);
    assertEquals(new JpegHeader(0, Orientation.RIGHT), read(withoutFrame));
  }

  @Test
  void whatIsNoJpegSaysNothing() {
    byte[] file = jpeg(4, exif(ByteOrder.BIG_ENDIAN, 3));
    file[1] = 0;
    assertEquals(new JpegHeader(0, Orientation.UPRIGHT), read(file));
  }

  @Test
  void noDamageDoesHarm() {
    Random random = new Random(1);
    byte[] whole = jpeg(3, exif(ByteOrder.BIG_ENDIAN, 5));
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = whole.clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertNotNull(read(damaged).orientation());
    }
  }
}
