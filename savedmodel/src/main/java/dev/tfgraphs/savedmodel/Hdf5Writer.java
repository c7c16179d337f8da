package dev.tfgraphs.savedmodel;

import com.google.common.base.Splitter;
import com.google.common.primitives.Ints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes HDF5 as every version of the HDF5 library reads it: superblock 0, object headers of
 * version 1, groups that hold their links, datasets in one piece. After the "HDF5 File Format
 * Specification Version 3.0", II.A and III.
 */
final class Hdf5Writer {
  private static final int SUPERBLOCK = 96;

  /** What Keras lets an attribute take at most, because an HDF5 message has 64 KiB. */
  private static final int ATTRIBUTE_LIMIT = 64512;

  private Hdf5Writer() {}

  /** What a link can lead to. */
  private sealed interface Node permits Group, Dataset {}

  private static final class Dataset implements Node {
    final StoredTensor tensor;

    Dataset(StoredTensor tensor) {
      this.tensor = tensor;
    }
  }

  /** Attributes and named nodes, in the order in which they were added. */
  static final class Group implements Node {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<ByteBuffer> attributes = new ArrayList<>();

    /** The group at {@code path} under this one, made where it is missing. */
    Group group(String path) {
      Group group = this;
      for (String name : Splitter.on('/').split(path)) {
        Node next = group.nodes.computeIfAbsent(name, missing -> new Group());
        if (!(next instanceof Group inner)) {
          throw new ModelFileException(
              "HDF5: expected a group at '%s', received a tensor".formatted(path));
        }
        group = inner;
      }
      return group;
    }

    /** Adds a tensor at {@code path}, whatever its own name. */
    void dataset(String path, StoredTensor tensor) {
      int slash = path.lastIndexOf('/');
      Group parent = slash < 0 ? this : group(path.substring(0, slash));
      if (parent.nodes.putIfAbsent(path.substring(slash + 1), new Dataset(tensor)) != null) {
        throw new ModelFileException(
            "HDF5: expected nothing at '%s' before, received two tensors".formatted(path));
      }
    }

    /** Adds a text. */
    Group attribute(String name, String value) {
      attributes.add(Hdf5Messages.attribute(name, value));
      return this;
    }

    /** Adds texts; as in Keras, more than a message holds become {@code name0, name1, ...}. */
    Group attribute(String name, List<String> values) {
      List<byte[]> texts =
          values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toList();
      int most = Math.max(1, ATTRIBUTE_LIMIT / Hdf5Messages.longest(texts));
      if (texts.size() <= most) {
        attributes.add(Hdf5Messages.attribute(name, texts));
        return this;
      }
      for (int start = 0, part = 0; start < texts.size(); start += most, part++) {
        List<byte[]> some = texts.subList(start, Math.min(texts.size(), start + most));
        attributes.add(Hdf5Messages.attribute(name + part, some));
      }
      return this;
    }
  }

  /** Writes a new file with {@code root} in it. */
  static void write(Path file, Group root) throws IOException {
    Layout layout = new Layout(root);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      FileChannels.writeFully(out, superblock(layout.end));
      for (Node node : layout.headers.keySet()) {
        FileChannels.writeFully(out, layout.header(node));
      }
      for (Dataset dataset : layout.data.keySet()) {
        dataset.tensor.chunks(chunk -> FileChannels.writeFully(out, chunk));
        int gap = Ints.checkedCast(aligned(out.position()) - out.position());
        FileChannels.writeFully(out, ByteBuffer.allocate(gap));
      }
    }
  }

  private static long aligned(long position) {
    return (position + 7) / 8 * 8;
  }

  private static ByteBuffer superblock(long end) {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK).order(ByteOrder.LITTLE_ENDIAN);
    block.put(Hdf5File.SIGNATURE).position(13);
    block.put((byte) 8).put((byte) 8).put((byte) 0); // bytes of an address and of a length
    block.putShort((short) 4).putShort((short) 16).putInt(0); // ranks of trees, of which are none
    block.putLong(0).putLong(Hdf5Messages.UNDEFINED).putLong(end).putLong(Hdf5Messages.UNDEFINED);
    return block.putLong(0).putLong(SUPERBLOCK).clear();
  }

  /** Where everything lies: the headers of all nodes, then the numbers. */
  private static final class Layout {
    final Map<Node, Long> headers = new LinkedHashMap<>();
    final Map<Dataset, Long> data = new LinkedHashMap<>();
    final long end;

    Layout(Group root) {
      long next = place(root, SUPERBLOCK);
      for (Node node : headers.keySet()) {
        if (node instanceof Dataset dataset) {
          data.put(dataset, next);
          StoredTensor tensor = dataset.tensor;
          next = aligned(next + tensor.shape().elements() * tensor.type().size());
        }
      }
      this.end = next;
    }

    private long place(Node node, long address) {
      headers.put(node, address);
      long next = address + header(node).remaining();
      if (node instanceof Group group) {
        for (Node inner : group.nodes.values()) {
          next = place(inner, next);
        }
      }
      return next;
    }

    /** The header of a node; addresses that are not known yet are 0 in it. */
    ByteBuffer header(Node node) {
      List<ByteBuffer> messages = new ArrayList<>();
      if (node instanceof Dataset dataset) {
        StoredTensor tensor = dataset.tensor;
        long address = data.getOrDefault(dataset, 0L);
        messages.addAll(Hdf5Messages.dataset(tensor.type(), tensor.shape(), address));
      } else if (node instanceof Group group) {
        messages.addAll(Hdf5Messages.group());
        group.nodes.forEach(
            (name, inner) ->
                messages.add(Hdf5Messages.link(name, headers.getOrDefault(inner, 0L))));
        messages.addAll(group.attributes);
      }
      return Hdf5Messages.header(messages);
    }
  }
}
