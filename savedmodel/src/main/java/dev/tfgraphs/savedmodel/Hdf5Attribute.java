package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Some values of an object under a name. IV.A.2.m of the specification. */
record Hdf5Attribute(Hdf5Type type, Shape shape, ByteBuffer values) {
  /** Those of an object. */
  static Map<String, Hdf5Attribute> all(Hdf5Object object) {
    object
        .one(Hdf5Messages.ATTRIBUTE_INFO)
        .ifPresent(
            info ->
                Hdf5File.check(
                    info.getLong((info.get(1) & 1) == 0 ? 2 : 4) == Hdf5Messages.UNDEFINED,
                    "attributes in the header of an object",
                    "attributes in a heap (h5py writes none unless libver is 'latest')"));
    Map<String, Hdf5Attribute> attributes = new LinkedHashMap<>();
    for (Hdf5Object.Message message : object.all(Hdf5Messages.ATTRIBUTE)) {
      Hdf5File.check(!message.shared(), "attributes of its own", "shared ones");
      add(message.content().duplicate().order(ByteOrder.LITTLE_ENDIAN), attributes);
    }
    return attributes;
  }

  private static void add(ByteBuffer message, Map<String, Hdf5Attribute> attributes) {
    int version = message.get();
    Hdf5File.check(version >= 1 && version <= 3, "attributes of version 1 to 3", version);
    int flags = message.get();
    Hdf5File.check(version == 1 || flags == 0, "a type of its own", "a shared one");
    int[] lengths = new int[3];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = Short.toUnsignedInt(message.getShort());
    }
    message.position(message.position() + (version == 3 ? 1 : 0));
    ByteBuffer name = part(message, lengths[0], version);
    Hdf5Type type = Hdf5Type.of(part(message, lengths[1], version));
    Shape shape = Hdf5Space.of(part(message, lengths[2], version));
    attributes.put(
        Hdf5Heaps.name(name, 0),
        new Hdf5Attribute(type, shape, message.slice().order(ByteOrder.LITTLE_ENDIAN)));
  }

  /** The next part of a message; version 1 begins each at a multiple of eight bytes. */
  private static ByteBuffer part(ByteBuffer message, int length, int version) {
    ByteBuffer part = message.slice(message.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    int used = version == 1 ? (length + 7) / 8 * 8 : length;
    message.position(Math.min(message.limit(), message.position() + used));
    return part;
  }

  /** The texts that it is; none if it is an empty list of whatever. */
  ImmutableList<String> texts(Hdf5File file) {
    long count = shape.elements();
    if (count == 0) {
      return ImmutableList.of();
    }
    Hdf5File.check(type.isFixedText() || type.isVariableText(), "text", type);
    Hdf5File.check(count <= values.remaining() / type.size(), "as many texts as it says", "fewer");
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      file.spend(type.size());
      ByteBuffer value = values.slice(i * type.size(), type.size()).order(ByteOrder.LITTLE_ENDIAN);
      texts.add(
          type.isFixedText()
              ? fixed(value)
              : file.heaps().text(value.getLong(4), value.getInt(12), value.getInt(0)));
    }
    return texts.build();
  }

  private String fixed(ByteBuffer value) {
    int end = 0;
    while (end < value.limit() && value.get(end) != 0) {
      end++;
    }
    String text = Hdf5Heaps.text(value.slice(0, end));
    return type.isSpaced() ? text.stripTrailing() : text;
  }
}
