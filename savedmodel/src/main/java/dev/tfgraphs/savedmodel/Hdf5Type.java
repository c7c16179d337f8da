package dev.tfgraphs.savedmodel;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What an element of a dataset or an attribute is. IV.A.2.d of the specification.
 *
 * @param kind the number of its class
 * @param bits what differs from class to class
 * @param size how many bytes it has
 * @param exponent how many bits of a number of IEEE 754 its exponent has; 0 for other types
 */
record Hdf5Type(int kind, int bits, int size, int exponent) {
  private static final int INTEGER = 0;
  private static final int FLOAT = 1;
  private static final int TEXT = 3;
  private static final int OPAQUE = 5;
  private static final int VARIABLE = 9;

  /** Reads a message of it. */
  static Hdf5Type of(ByteBuffer message) {
    int kind = message.get(0) & 0xf;
    int bits = message.getInt(0) >>> 8;
    int size = message.getInt(4);
    Hdf5File.check(size > 0, "elements of a byte or more", size);
    int exponent = kind == FLOAT && isIeee(message, bits, size) ? message.get(13) : 0;
    return new Hdf5Type(kind, bits, size, exponent);
  }

  /** Sign, exponent and fraction in this order and without gaps, as IEEE 754 has them. */
  private static boolean isIeee(ByteBuffer message, int bits, int size) {
    int exponent = message.get(13);
    int fraction = message.get(15);
    boolean order = (bits & 0x40) == 0; // else that of a VAX
    boolean impliedOne = (bits >> 4 & 3) == 2;
    boolean signFirst = bits >> 8 == 8 * size - 1;
    boolean whole = message.getShort(8) == 0 && message.getShort(10) == 8 * size;
    boolean parts =
        message.get(14) == 0 && message.get(12) == fraction && 1 + exponent + fraction == 8 * size;
    return order
        && impliedOne
        && signFirst
        && whole
        && parts
        && message.getInt(16) == (1 << (exponent - 1)) - 1;
  }

  /** What numbers of this type are; none for other types. */
  Optional<ElementType> elements() {
    boolean signed = (bits & 8) != 0;
    return switch (kind) {
      case INTEGER ->
          switch (size) {
            case 1 -> Optional.of(signed ? ElementType.INT8 : ElementType.UINT8);
            case 2 -> Optional.of(signed ? ElementType.INT16 : ElementType.UINT16);
            case 4 -> Optional.of(signed ? ElementType.INT32 : ElementType.UINT32);
            case 8 -> Optional.of(signed ? ElementType.INT64 : ElementType.UINT64);
            default -> Optional.empty();
          };
      case FLOAT ->
          switch (size) {
            case 2 ->
                only(exponent == 5, ElementType.FLOAT16)
                    .or(() -> only(exponent == 8, ElementType.BFLOAT16));
            case 4 -> only(exponent == 8, ElementType.FLOAT32);
            case 8 -> only(exponent == 11, ElementType.FLOAT64);
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private static Optional<ElementType> only(boolean holds, ElementType type) {
    return holds ? Optional.of(type) : Optional.empty();
  }

  boolean isBigEndian() {
    return kind <= FLOAT && (bits & 1) != 0;
  }

  /** Two bytes of which HDF5 knows nothing else. */
  boolean isOpaquePair() {
    return kind == OPAQUE && size == 2;
  }

  /** Texts of one length. */
  boolean isFixedText() {
    return kind == TEXT;
  }

  /** Texts of any length, which are in a heap. */
  boolean isVariableText() {
    return kind == VARIABLE && (bits & 0xf) == 1 && size == 16;
  }

  /** Whether texts are filled up with spaces. */
  boolean isSpaced() {
    return (bits & 0xf) == 2;
  }

  @Override
  public String toString() {
    return elements()
        .map(ElementType::toString)
        .orElse(
            isFixedText() || isVariableText()
                ? "text"
                : "class " + kind + " of " + size + " bytes");
  }
}
