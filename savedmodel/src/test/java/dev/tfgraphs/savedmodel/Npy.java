package dev.tfgraphs.savedmodel;

import com.google.common.base.Splitter;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** NumPy's files of one float32 array, format 1.0. */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final String FIXED = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  private static final int ALIGNMENT = 64;

  private Npy() {}

  static void write(Path file, HostTensor tensor) throws IOException {
    String sizes =
        Arrays.stream(tensor.shape().toArray())
            .mapToObj(size -> size + ",")
            .collect(Collectors.joining());
    String header = FIXED + sizes + ")}";
    int used = MAGIC.length + 2 + header.length() + 1;
    header += " ".repeat(Math.floorMod(-used, ALIGNMENT)) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(MAGIC.length + 2 + header.length() + 4 * tensor.values().length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putShort((short) header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII)).asFloatBuffer().put(tensor.values());
    Files.write(file, bytes.array());
  }

  /** Reads what {@link #write} writes, or NumPy of a little-endian float32 array. */
  static HostTensor read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[bytes.getShort(MAGIC.length)];
    bytes.position(MAGIC.length + 2).get(header);
    String text = new String(header, StandardCharsets.US_ASCII);
    if (!text.startsWith(FIXED)) {
      throw new IOException(file + ": expected a float32 array, received " + text.strip());
    }
    String sizes = text.substring(FIXED.length(), text.indexOf(')'));
    int[] shape =
        Splitter.on(',')
            .trimResults()
            .omitEmptyStrings()
            .splitToStream(sizes)
            .mapToInt(Integer::parseInt)
            .toArray();
    float[] values = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(values);
    return new HostTensor(Shape.of(shape), values);
  }
}
