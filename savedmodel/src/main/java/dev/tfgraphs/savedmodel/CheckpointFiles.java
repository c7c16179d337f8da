package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import com.google.common.math.LongMath;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The open files of a TensorFlow checkpoint: {@code prefix.index} says which tensors there are and
 * where, {@code prefix.data-00000-of-00001} and its like hold them
 * (tensorflow/core/util/tensor_bundle). They are read here and not by TensorFlow, which has to be
 * told types and shapes, and so that nothing damaged gets into native code.
 */
final class CheckpointFiles implements AutoCloseable {
  /** Far above what the largest networks need: 200 bytes a tensor or so. */
  private static final int MAX_INDEX = 1 << 24;

  private static final int MAX_ENTRIES = 1_000_000;

  private static final int MAX_SHARDS = 99_999;
  private static final ImmutableMap<DataType, ElementType> TYPES =
      ImmutableMap.<DataType, ElementType>builder()
          .put(DataType.DT_BOOL, ElementType.BOOL)
          .put(DataType.DT_UINT8, ElementType.UINT8)
          .put(DataType.DT_INT8, ElementType.INT8)
          .put(DataType.DT_UINT16, ElementType.UINT16)
          .put(DataType.DT_INT16, ElementType.INT16)
          .put(DataType.DT_UINT32, ElementType.UINT32)
          .put(DataType.DT_INT32, ElementType.INT32)
          .put(DataType.DT_UINT64, ElementType.UINT64)
          .put(DataType.DT_INT64, ElementType.INT64)
          .put(DataType.DT_HALF, ElementType.FLOAT16)
          .put(DataType.DT_BFLOAT16, ElementType.BFLOAT16)
          .put(DataType.DT_FLOAT, ElementType.FLOAT32)
          .put(DataType.DT_DOUBLE, ElementType.FLOAT64)
          .buildOrThrow();

  private final String prefix;
  private final Closer closer = Closer.create();
  private final Map<Integer, RandomBytes> shards = new HashMap<>();
  private final ImmutableMap<String, BundleEntryProto> entries;
  private int shardCount;
  private int count;

  private CheckpointFiles(String prefix) throws IOException {
    this.prefix = prefix;
    this.entries = entries(index(Path.of(prefix + ".index")));
  }

  /** Reads the index; the data are read when they are asked for. */
  static CheckpointFiles open(String prefix) throws IOException {
    return new CheckpointFiles(prefix);
  }

  private static ByteBuffer index(Path file) throws IOException {
    try (RandomBytes bytes = RandomBytes.open(file)) {
      if (bytes.size() > MAX_INDEX) {
        throw new IOException(
            "index: expected at most %d bytes, received %d".formatted(MAX_INDEX, bytes.size()));
      }
      return bytes.read(0, (int) bytes.size());
    }
  }

  private ImmutableMap<String, BundleEntryProto> entries(ByteBuffer index) throws IOException {
    ImmutableMap.Builder<String, BundleEntryProto> found = ImmutableMap.builder();
    try {
      SortedTable.read(
          index,
          (key, value) -> {
            ByteString bytes = ByteString.copyFrom(value);
            count++;
            if (count > MAX_ENTRIES) {
              throw new IOException("expected at most " + MAX_ENTRIES + " entries, received more");
            }
            if (key.length == 0) {
              readHeader(BundleHeaderProto.parseFrom(bytes));
            } else if (key[0] != 0) { // else a slice of a tensor that has an entry as well
              found.put(name(key), BundleEntryProto.parseFrom(bytes));
            }
          });
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("index: expected the entries of a checkpoint, received others", e);
    } catch (IOException e) {
      throw new IOException("index: " + e.getMessage(), e);
    }
    if (shardCount == 0) {
      throw new IOException("index: expected to be told the number of data files, found nothing");
    }
    return found.buildOrThrow();
  }

  private void readHeader(BundleHeaderProto header) throws IOException {
    shardCount = header.getNumShards();
    if (shardCount < 1 || shardCount > MAX_SHARDS) {
      throw new IOException(
          "expected 1 to %d data files, received %d".formatted(MAX_SHARDS, shardCount));
    }
    if (header.getEndianness() != BundleHeaderProto.Endianness.LITTLE) {
      throw new IOException("expected little-endian data, received " + header.getEndianness());
    }
    if (header.getVersion().getMinConsumer() > 1) { // kTensorBundleVersion
      throw new IOException(
          "expected a checkpoint of version 1, received one for readers of version "
              + header.getVersion().getMinConsumer());
    }
  }

  private static String name(byte[] key) throws IOException {
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new IOException("expected names of characters that can be printed, received others");
      }
      return name;
    } catch (CharacterCodingException e) {
      throw new IOException("expected names in UTF-8, received others", e);
    }
  }

  /** The files with the data. */
  ImmutableList<Path> dataFiles() {
    return IntStream.range(0, shardCount)
        .mapToObj(this::dataFile)
        .collect(ImmutableList.toImmutableList());
  }

  private Path dataFile(int number) {
    return Path.of(String.format(Locale.ROOT, "%s.data-%05d-of-%05d", prefix, number, shardCount));
  }

  /** The names of all tensors, sorted. */
  ImmutableList<String> names() {
    return entries.keySet().asList();
  }

  /** What TensorFlow calls the type of a tensor of {@link #names}. */
  DataType type(String name) {
    return entry(name).getDtype();
  }

  private BundleEntryProto entry(String name) {
    BundleEntryProto entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return entry;
  }

  /** The tensor of one of {@link #names}; empty if it holds no numbers that a float can be. */
  Optional<StoredTensor> tensor(String name) throws IOException {
    BundleEntryProto entry = entry(name);
    ElementType type = TYPES.get(entry.getDtype());
    if (type == null) {
      return Optional.empty();
    }
    Shape shape = StoredTensor.shape(name, sizes(entry.getShape()));
    if (entry.getSlicesCount() > 0) {
      throw new IOException(
          "tensor '"
              + name
              + "': expected it in one piece, received slices of it (a partitioned variable)");
    }
    long wanted = LongMath.saturatedMultiply(shape.elements(), type.size());
    if (entry.getSize() != wanted) {
      throw new IOException(
          "tensor '%s': expected %d bytes for %s of %s, received %d"
              .formatted(name, wanted, entry.getDtype(), shape, entry.getSize()));
    }
    RandomBytes data = data(name, entry);
    return Optional.of(
        new StoredTensor(
            name,
            shape,
            type,
            (position, target) -> {
              if (position == 0) {
                check(name, entry, data.checksum(entry.getOffset(), entry.getSize()));
              }
              data.fill(entry.getOffset() + position, target);
            }));
  }

  private static long[] sizes(TensorShapeProto shape) {
    return shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
  }

  private static void check(String name, BundleEntryProto entry, CRC32C checksum)
      throws IOException {
    if (Checksums.masked(checksum) != entry.getCrc32C()) {
      throw new IOException("tensor '" + name + "' is damaged: its checksum differs");
    }
  }

  /** The file of an entry, which lies inside of it. */
  private RandomBytes data(String name, BundleEntryProto entry) throws IOException {
    if (entry.getShardId() < 0 || entry.getShardId() >= shardCount) {
      throw new IOException(
          "tensor '%s': expected it in one of %d data files, received number %d"
              .formatted(name, shardCount, entry.getShardId()));
    }
    RandomBytes data = shard(entry.getShardId());
    if (entry.getOffset() < 0
        || entry.getSize() < 0
        || entry.getSize() > data.size()
        || entry.getOffset() > data.size() - entry.getSize()) {
      throw new IOException(
          "tensor '%s': expected %d bytes at %d, received a data file of %d bytes"
              .formatted(name, entry.getSize(), entry.getOffset(), data.size()));
    }
    return data;
  }

  private RandomBytes shard(int number) throws IOException {
    RandomBytes shard = shards.get(number);
    if (shard == null) {
      String file = dataFile(number).toString();
      shard = closer.register(RandomBytes.open(Path.of(file)));
      shards.put(number, shard);
    }
    return shard;
  }

  /**
   * The one text of a tensor: its length, a checksum of that, and its bytes.
   *
   * @param most how many bytes it may have
   */
  ByteString text(String name, int most) throws IOException {
    BundleEntryProto entry = entry(name);
    RandomBytes data = data(name, entry);
    if (entry.getDtype() != DataType.DT_STRING || entry.getShape().getDimCount() != 0) {
      throw new IOException(
          "tensor '%s': expected one text, received %s of %d sizes"
              .formatted(name, entry.getDtype(), entry.getShape().getDimCount()));
    }
    if (entry.getSize() > most) {
      throw new IOException(
          "tensor '%s': expected at most %d bytes, received %d"
              .formatted(name, most, entry.getSize()));
    }
    ByteBuffer bytes = data.read(entry.getOffset(), (int) entry.getSize());
    long length = SortedTable.varint(bytes);
    if (length < 0 || length != bytes.remaining() - Integer.BYTES) {
      throw new IOException(
          "tensor '%s': expected a text of %d bytes, received %d"
              .formatted(name, length, bytes.remaining() - Integer.BYTES));
    }
    CRC32C checksum = new CRC32C();
    checksum.update(
        ByteBuffer.allocate(Integer.BYTES).order(bytes.order()).putInt((int) length).flip());
    checksum.update(bytes.duplicate());
    check(name, entry, checksum);
    return ByteString.copyFrom(bytes.position(bytes.position() + Integer.BYTES));
  }

  @Override
  public void close() throws IOException {
    closer.close();
  }
}
