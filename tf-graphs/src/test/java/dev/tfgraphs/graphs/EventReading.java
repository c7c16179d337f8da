package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;

/** Reads event files back; that TensorBoard reads them is for the conformance ring to see. */
final class EventReading {
  private EventReading() {}

  /** {@code train epoch_loss 2} for each event of the one file in each folder, in its order. */
  static List<String> tags(Path board) throws IOException {
    List<String> tags = new ArrayList<>();
    for (String run : List.of("train", "validation")) {
      for (Event event : events(board.resolve(run))) {
        String tag =
            event.getSummary().getValueCount() == 1
                ? event.getSummary().getValue(0).getTag()
                : event.getWhatCase().toString();
        tags.add(run + " " + tag + " " + event.getStep());
      }
    }
    assertFalse(tags.isEmpty());
    return tags;
  }

  private static List<Event> events(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.toList();
    }
    assertEquals(1, files.size(), files::toString);
    ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(files.get(0)));
    data.order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (data.hasRemaining()) {
      byte[] event = new byte[Math.toIntExact(data.getLong())];
      data.getInt();
      data.get(event).getInt();
      events.add(Event.parseFrom(event));
    }
    return events;
  }
}
