package dev.tfgraphs.savedmodel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.tensorflow.EagerSession;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** Small images in colour, of several formats and sizes. */
final class Pictures {
  private static final int BMP_HEADER = 54;

  private Pictures() {}

  static List<byte[]> all() {
    return List.of(png(30, 20), jpeg(8, 8), bmp(5, 40), png(8, 8));
  }

  static byte[] png(int width, int height) {
    try (EagerSession session = EagerSession.create();
        TUint8 pixels = pixels(width, height)) {
      Ops tf = Ops.create(session);
      return bytes(tf.image.encodePng(tf.constantOf(pixels)).contents());
    }
  }

  static byte[] jpeg(int width, int height) {
    try (EagerSession session = EagerSession.create();
        TUint8 pixels = pixels(width, height)) {
      Ops tf = Ops.create(session);
      return bytes(tf.image.encodeJpeg(tf.constantOf(pixels)).contents());
    }
  }

  /** From the bottom up, blue first, rows of whole groups of four bytes. */
  private static byte[] bmp(int width, int height) {
    int row = (3 * width + 3) / 4 * 4;
    int size = BMP_HEADER + row * height;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(size).putInt(0).putInt(BMP_HEADER);
    file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) 24);
    byte[] colours = colours(width, height);
    for (int y = 0; y < height; y++) {
      file.position(BMP_HEADER + (height - 1 - y) * row);
      for (int i = 0; i < 3 * width; i++) {
        file.put(colours[3 * (y * width + i / 3) + 2 - i % 3]);
      }
    }
    return file.array();
  }

  private static byte[] bytes(Operand<TString> encoded) {
    try (TString text = encoded.asTensor()) {
      return text.asBytes().getObject();
    }
  }

  private static TUint8 pixels(int width, int height) {
    return TUint8.tensorOf(
        Shape.of(height, width, 3), DataBuffers.of(colours(width, height), true, false));
  }

  /** Another one in each pixel. */
  private static byte[] colours(int width, int height) {
    byte[] colours = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int x = i % width;
      int y = i / width;
      colours[3 * i] = (byte) (x * 19);
      colours[3 * i + 1] = (byte) (y * 31);
      colours[3 * i + 2] = (byte) ((x + y) * 7);
    }
    return colours;
  }
}
