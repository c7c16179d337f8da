package dev.tfgraphs.savedmodel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.tfgraphs.savedmodel.Tables.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

/** What is said of each damage that a checkpoint can have. */
class DamagedCheckpointTest {
  private static final BundleHeaderProto HEADER =
      BundleHeaderProto.newBuilder().setNumShards(1).build();
  private static final BundleEntryProto KERNEL =
      BundleEntryProto.newBuilder()
          .setDtype(DataType.DT_FLOAT)
          .setShape(
              TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(2)))
          .setSize(8)
          .build();

  @TempDir Path folder;

  private Path index;
  private Path data;

  @BeforeEach
  void copyFixture() throws IOException {
    index = folder.resolve("ckpt.index");
    data = folder.resolve("ckpt.data-00000-of-00001");
    Files.copy(Fixtures.path("checkpoints/session.index"), index);
    Files.copy(Fixtures.path("checkpoints/session.data-00000-of-00001"), data);
  }

  private void assertFails(String problem) {
    ModelFileException e =
        assertThrows(
            ModelFileException.class,
            () -> WeightFiles.read(index, CheckpointsTest.namedWeights()));
    assertEquals("weights " + index + " (TensorFlow checkpoint): " + problem, e.getMessage());
  }

  private static Entry entry(String key, MessageLite value) {
    return new Entry(key.getBytes(UTF_8), value.toByteArray());
  }

  private void writeEntries(Entry... entries) throws IOException {
    Files.write(index, Tables.of(Tables.block(List.of(entries))));
  }

  @Test
  void aTensorWhoseNumbersChanged() throws IOException {
    byte[] bytes = Files.readAllBytes(data);
    bytes[8] ^= 1;
    Files.write(data, bytes);
    assertFails("tensor 'bn/beta' is damaged: its checksum differs");
  }

  @Test
  void dataThatEndTooEarly() throws IOException {
    Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 20));
    assertFails("tensor 'bn/beta': expected 16 bytes at 8, received a data file of 20 bytes");
  }

  @Test
  void noData() throws IOException {
    Files.delete(data);
    assertFails(data + ": not there");
  }

  @Test
  void anotherFile() throws IOException {
    Files.writeString(index, "no index");
    assertFails("index: expected the table of a checkpoint, received other bytes at its end");
  }

  @Test
  void aBlockThatChanged() throws IOException {
    byte[] bytes = Files.readAllBytes(index);
    bytes[20] ^= 1;
    Files.write(index, bytes);
    assertFails("index: the block at byte 0 is damaged: its checksum differs");
  }

  @Test
  void keysThatAreNotSorted() throws IOException {
    writeEntries(entry("", HEADER), entry("b", KERNEL), entry("a", KERNEL));
    assertFails("index: expected sorted keys, received others");
  }

  @Test
  void aKeyThatIsThereTwice() throws IOException {
    writeEntries(entry("", HEADER), entry("b", KERNEL), entry("b", KERNEL));
    assertFails("index: expected sorted keys, received others");
  }

  @Test
  void noHeader() throws IOException {
    writeEntries(entry("b", KERNEL));
    assertFails("index: expected to be told the number of data files, found nothing");
  }

  @Test
  void headersOfOtherFormats() throws IOException {
    writeEntries(entry("", HEADER.toBuilder().setNumShards(-1).build()));
    assertFails("index: expected 1 to 99999 data files, received -1");
    BundleHeaderProto.Builder big =
        HEADER.toBuilder().setEndianness(BundleHeaderProto.Endianness.BIG);
    writeEntries(entry("", big.build()));
    assertFails("index: expected little-endian data, received BIG");
    BundleHeaderProto.Builder late = HEADER.toBuilder();
    late.getVersionBuilder().setMinConsumer(2);
    writeEntries(entry("", late.build()));
    assertFails("index: expected a checkpoint of version 1, received one for readers of version 2");
  }

  @Test
  void entriesThatAreNone() throws IOException {
    writeEntries(
        entry("", HEADER), new Entry(new byte[] {'a'}, new byte[] {(byte) 0xff, (byte) 0xff}));
    assertFails("index: expected the entries of a checkpoint, received others");
  }

  @Test
  void namesThatAreNone() throws IOException {
    writeEntries(entry("", HEADER), new Entry(new byte[] {(byte) 0xff}, KERNEL.toByteArray()));
    assertFails("index: expected names in UTF-8, received others");
  }

  @Test
  void namesThatCannotBePrinted() throws IOException {
    writeEntries(entry("", HEADER), entry("a\nb", KERNEL));
    assertFails("index: expected names of characters that can be printed, received others");
  }

  @Test
  void moreEntriesThanAnyNetworkHas() throws IOException {
    List<Entry> entries = new ArrayList<>();
    entries.add(entry("", HEADER));
    for (int i = 0; i < 1_000_000; i++) {
      entries.add(new Entry(Integer.toHexString(1 << 20 | i).getBytes(UTF_8), new byte[0]));
    }
    Files.write(index, Tables.of(Tables.block(entries)));
    assertFails("index: expected at most 1000000 entries, received more");
  }

  @Test
  void anIndexThatIsTooLarge() throws IOException {
    try (FileChannel channel = FileChannel.open(index, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), 1 << 24);
    }
    assertFails("index: expected at most 16777216 bytes, received 16777217");
  }

  @Test
  void aBlockThatIsReadTwice() throws IOException {
    byte[] block = Tables.block(List.of(entry("", HEADER)));
    Files.write(index, Tables.ofTwice(block));
    assertFails(
        "index: expected blocks one after another, received one at 0 before " + (block.length + 5));
  }

  @Test
  void entriesThatAreOutside() throws IOException {
    writeEntries(entry("", HEADER), entry("fc/bias", KERNEL.toBuilder().setShardId(1).build()));
    assertFails("tensor 'fc/bias': expected it in one of 1 data files, received number 1");
    writeEntries(
        entry("", HEADER), entry("fc/bias", KERNEL.toBuilder().setOffset(Long.MAX_VALUE).build()));
    assertFails(
        "tensor 'fc/bias': expected 8 bytes at 9223372036854775807, received a data file of "
            + Files.size(data)
            + " bytes");
    writeEntries(entry("", HEADER), entry("fc/bias", KERNEL.toBuilder().setSize(9).build()));
    assertFails("tensor 'fc/bias': expected 8 bytes for DT_FLOAT of (2,), received 9");
  }

  @Test
  void numbersWanted() throws IOException {
    writeEntries(
        entry("", HEADER),
        entry("fc/bias", KERNEL.toBuilder().setDtype(DataType.DT_STRING).build()),
        entry("table", KERNEL.toBuilder().setDtype(DataType.DT_STRING).build()));
    ModelFileException e =
        assertThrows(
            ModelFileException.class,
            () -> WeightFiles.read(index, CheckpointsTest.namedWeights()));
    assertEquals(
        List.of("  unused table DT_STRING", "  fc/bias: expected numbers, received DT_STRING"),
        String.valueOf(e.getMessage()).lines().skip(1).limit(2).toList());
  }

  /** Each entry of four bytes has a key of the length of all before it. */
  @Test
  void keysThatUnfoldToMuchMore() throws IOException {
    List<byte[]> entries = new ArrayList<>();
    byte[] first = Tables.block(List.of(new Entry(new byte[100], new byte[0])));
    entries.add(Arrays.copyOf(first, first.length - 8));
    for (int i = 0; i < 20; i++) {
      entries.add(new byte[] {(byte) (100 + i), 1, 0, 'x'});
    }
    entries.add(Arrays.copyOfRange(first, first.length - 8, first.length));
    ByteString block =
        entries.stream().map(ByteString::copyFrom).reduce(ByteString.EMPTY, ByteString::concat);
    Files.write(index, Tables.of(block.toByteArray()));
    assertFails("index: expected keys of 2112 bytes in all, received more");
  }
}
