package dev.tfgraphs.graphs;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.proto.Event;

/**
 * A file that TensorBoard reads: events in TensorFlow's record format, each with its length and
 * checksums (tensorflow/core/lib/io/record_writer.h).
 */
final class EventFile {
  private static final HashFunction CRC = Hashing.crc32c();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private Journal journal;

  private EventFile(Journal journal) {
    this.journal = journal;
  }

  /** A new file in {@code folder}, there as soon as something is written. */
  static EventFile in(Path folder) {
    String name =
        "events.out.tfevents.%010d.%d.%d.v2"
            .formatted(
                System.currentTimeMillis() / 1000,
                ProcessHandle.current().pid(),
                COUNT.getAndIncrement());
    return new EventFile(Journal.after(folder.resolve(name)));
  }

  void write(List<Event> events) {
    if (events.isEmpty()) {
      return;
    }
    if (journal.length() == 0) {
      journal.write(record(event(0).setFileVersion("brain.Event:2").build()));
    }
    for (Event event : events) {
      journal.write(record(event));
    }
  }

  /** An event of now. */
  static Event.Builder event(long step) {
    return Event.newBuilder().setWallTime(System.currentTimeMillis() / 1000.0).setStep(step);
  }

  private static byte[] record(Event event) {
    byte[] data = event.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(CRC.hashBytes(record.array(), 0, 8).asInt()));
    record.put(data).putInt(masked(CRC.hashBytes(data).asInt()));
    return record.array();
  }

  /** A checksum of data that hold checksums would not tell much. */
  private static int masked(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }

  void save(Memory memory, String name) {
    memory
        .put(name + "/file", journal.file().getFileName())
        .put(name + "/length", journal.length());
  }

  void restore(Memory memory, String name) {
    Path file = journal.file().resolveSibling(memory.text(name + "/file"));
    journal = Journal.at(file, memory.number(name + "/length"));
  }
}
