package dev.tfgraphs.savedmodel;

import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** Numbers in a file. IV.A.2.i of the specification. */
final class Hdf5Dataset {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;

  private Hdf5Dataset() {}

  /** The numbers that an object is, which is at {@code where}. */
  static StoredTensor tensor(Hdf5File file, Hdf5Object object, String where) throws IOException {
    Optional<ByteBuffer> layout = file.read(where, () -> object.one(Hdf5Messages.LAYOUT));
    if (layout.isEmpty()) {
      throw file.expected("numbers", where, "a group");
    }
    Hdf5Type type =
        file.read(where, () -> Hdf5Type.of(object.one(Hdf5Messages.DATATYPE).orElseThrow()));
    Shape shape =
        file.read(where, () -> Hdf5Space.of(object.one(Hdf5Messages.DATASPACE).orElseThrow()));
    ElementType elements =
        type.elements()
            .or(() -> bfloat16(file, object, type, where))
            .orElseThrow(() -> file.expected("numbers", where, type.toString()));
    StoredTensor tensor = tensor(file, layout.get(), where, shape, elements);
    return type.isBigEndian() ? reversed(tensor) : tensor;
  }

  /** What Keras makes of a type that HDF5 does not know. */
  private static Optional<ElementType> bfloat16(
      Hdf5File file, Hdf5Object object, Hdf5Type type, String where) {
    Map<String, Hdf5Attribute> attributes = file.read(where, object::attributes);
    Hdf5Attribute dtype = attributes.get("dtype");
    boolean says =
        dtype != null
            && type.isOpaquePair()
            && file.read(where, () -> dtype.texts(file)).contains(ElementType.BFLOAT16.toString());
    return says ? Optional.of(ElementType.BFLOAT16) : Optional.empty();
  }

  private static StoredTensor tensor(
      Hdf5File file, ByteBuffer layout, String where, Shape shape, ElementType type)
      throws IOException {
    if (!file.read(where, () -> isInOnePiece(layout))) {
      throw file.expected(
          "numbers in one piece, as Keras writes them",
          where,
          "them in chunks (h5repack -l CONTI -f NONE writes them so)");
    }
    if (shape.elements() == 0) {
      return new StoredTensor(where, shape, type, (position, target) -> {});
    }
    if (layout.get(1) == COMPACT) {
      return file.read(where, () -> compact(layout, where, shape, type));
    }
    return file.tensor(file.read(where, () -> layout.getLong(2)), where, shape, type);
  }

  private static boolean isInOnePiece(ByteBuffer layout) {
    int version = layout.get(0);
    int kind = layout.get(1);
    return (version == 3 || version == 4) && (kind == COMPACT || kind == CONTIGUOUS);
  }

  private static StoredTensor compact(
      ByteBuffer layout, String where, Shape shape, ElementType type) {
    ByteBuffer bytes = layout.slice(4, Short.toUnsignedInt(layout.getShort(2)));
    Hdf5File.check(
        bytes.remaining() / type.size() >= shape.elements(),
        shape.elements() + " numbers",
        "fewer");
    return new StoredTensor(
        where,
        shape,
        type,
        (position, target) -> target.put(bytes.slice((int) position, target.remaining())));
  }

  /** The bytes of each number the other way round. */
  private static StoredTensor reversed(StoredTensor tensor) {
    int size = tensor.type().size();
    return new StoredTensor(
        tensor.name(),
        tensor.shape(),
        tensor.type(),
        (position, target) -> {
          int start = target.position();
          tensor.bytes().read(position, target);
          for (int i = start; i < target.limit(); i += size) {
            for (int a = i, b = i + size - 1; a < b; a++, b--) {
              byte swapped = target.get(a);
              target.put(a, target.get(b)).put(b, swapped);
            }
          }
        });
  }
}
