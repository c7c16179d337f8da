package dev.tfgraphs.graphs;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Features of samples in a file of records, each the hash of a sample, its features and a checksum
 * of both. What was written stays, whenever the program ends: a record that is cut off or damaged
 * is none, and its place is used again.
 */
final class FeatureFile implements FeatureCache.Store {
  private static final int HASH = 32;
  private static final int SUM = 4;

  private final FileChannel channel;
  private final int bytes;
  private final Map<HashCode, byte[]> known = new HashMap<>();
  private final Deque<Long> free = new ArrayDeque<>();

  private FeatureFile(FileChannel channel, int bytes) {
    this.channel = channel;
    this.bytes = bytes;
  }

  /** Opens or makes a file of features of {@code bytes} bytes each. */
  static FeatureFile open(Path path, int bytes) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(path, channel);
      FeatureFile file = new FeatureFile(channel, bytes);
      file.read();
      return file;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /** The lock ends with the channel. */
  private static void lock(Path path, FileChannel channel) throws IOException {
    boolean free;
    try {
      free = channel.tryLock() != null;
    } catch (OverlappingFileLockException held) {
      free = false;
    }
    if (!free) {
      throw new GraphException(
          "features: expected a cache that one fit uses, received %s, which another has open"
              .formatted(path));
    }
  }

  @SuppressWarnings("resource") // the stream is the channel, which stays open
  private void read() throws IOException {
    int size = HASH + bytes + SUM;
    long records = channel.size() / size;
    DataInputStream in =
        new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    byte[] record = new byte[size];
    for (long place = 0; place < records; place++) {
      in.readFully(record);
      ByteBuffer buffer = ByteBuffer.wrap(record);
      byte[] hash = new byte[HASH];
      byte[] features = new byte[bytes];
      buffer.get(hash).get(features);
      if (buffer.getInt() == sum(record)) {
        known.put(HashCode.fromBytes(hash), features);
      } else {
        free.add(place * size);
      }
    }
    channel.truncate(records * size);
  }

  private static int sum(byte[] record) {
    return Hashing.crc32c().hashBytes(record, 0, record.length - SUM).asInt();
  }

  @Override
  public Optional<byte[]> get(HashCode sample) {
    return Optional.ofNullable(known.get(sample));
  }

  @Override
  public void put(HashCode sample, byte[] features) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(HASH + bytes + SUM);
    record.put(sample.asBytes()).put(features);
    record.putInt(sum(record.array())).flip();
    long place = free.isEmpty() ? channel.size() : free.remove();
    while (record.hasRemaining()) {
      place += channel.write(record, place);
    }
    known.put(sample, features);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
