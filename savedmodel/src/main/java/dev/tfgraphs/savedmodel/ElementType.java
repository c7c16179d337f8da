package dev.tfgraphs.savedmodel;

import com.google.common.primitives.UnsignedLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the elements of a stored tensor are, little-endian. */
enum ElementType {
  FLOAT16(2) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return ofHalf(bytes.getShort(index));
    }
  },
  BFLOAT16(2) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return Float.intBitsToFloat(bytes.getShort(index) << 16);
    }
  },
  FLOAT32(4) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getFloat(index);
    }

    @Override
    void decode(ByteBuffer bytes, float[] target, int from, int count) {
      bytes.asFloatBuffer().get(target, from, count);
    }
  },
  FLOAT64(8) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return (float) bytes.getDouble(index);
    }
  },
  BOOL(1) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.get(index) == 0 ? 0 : 1;
    }
  },
  INT8(1) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.get(index);
    }
  },
  UINT8(1) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return Byte.toUnsignedInt(bytes.get(index));
    }
  },
  INT16(2) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getShort(index);
    }
  },
  UINT16(2) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return Short.toUnsignedInt(bytes.getShort(index));
    }
  },
  INT32(4) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getInt(index);
    }
  },
  UINT32(4) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return Integer.toUnsignedLong(bytes.getInt(index));
    }
  },
  INT64(8) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return bytes.getLong(index);
    }
  },
  UINT64(8) {
    @Override
    float get(ByteBuffer bytes, int index) {
      return UnsignedLong.fromLongBits(bytes.getLong(index)).floatValue();
    }
  };

  private final int size;

  ElementType(int size) {
    this.size = size;
  }

  /** The type that Keras and NumPy call {@code name}, {@code float32} for example. */
  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.toString().equals(name)).findAny();
  }

  /** How many bytes an element has. */
  int size() {
    return size;
  }

  /** The element at a place in little-endian {@code bytes}, rounded to a float. */
  abstract float get(ByteBuffer bytes, int index);

  /** Puts the first {@code count} elements of little-endian {@code bytes} into {@code target}. */
  void decode(ByteBuffer bytes, float[] target, int from, int count) {
    for (int i = 0; i < count; i++) {
      target[from + i] = get(bytes, i * size);
    }
  }

  /** {@return the elements that {@code bytes} hold, rounded to floats} */
  float[] decode(byte[] bytes) {
    float[] values = new float[bytes.length / size];
    decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), values, 0, values.length);
    return values;
  }

  private static float ofHalf(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float sign = bits < 0 ? -1 : 1;
    return switch (exponent) {
      case 0 -> sign * fraction * 0x1p-24f;
      case 0x1f -> fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
      default -> sign * Math.scalb(0x400 + fraction, exponent - 25);
    };
  }

  /** Keras's and NumPy's name, {@code float32} for example. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
