package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header of an object: messages about what it is. IV.A of the specification; version 1 begins
 * with its number, version 2 with a signature. Every object of a file is read once.
 */
final class Hdf5Object {
  private static final String HEADER = "OHDR";
  private static final String CONTINUED = "OCHK";
  private static final int SHARED = 2;

  /**
   * A message.
   *
   * @param shared whether it only says where another object has it
   */
  record Message(int type, boolean shared, ByteBuffer content) {}

  /** Where messages are. */
  private record Block(long address, long length) {}

  private final ImmutableListMultimap<Integer, Message> messages;
  private @Nullable Map<String, Long> links;
  private @Nullable Map<String, Hdf5Attribute> attributes;

  private Hdf5Object(ImmutableList<Message> messages) {
    this.messages = Multimaps.index(messages, Message::type);
  }

  static Hdf5Object read(Hdf5File file, long address) {
    boolean first = file.bytes(address, 1).get() == 1;
    return new Hdf5Object(first ? version1(file, address) : version2(file, address));
  }

  /** What is in the group that this is, by name. */
  Map<String, Long> links(Hdf5File file) {
    Map<String, Long> known = links;
    if (known == null) {
      known = Hdf5Links.of(file, this);
      links = known;
    }
    return known;
  }

  /** The attributes by name. */
  Map<String, Hdf5Attribute> attributes() {
    Map<String, Hdf5Attribute> known = attributes;
    if (known == null) {
      known = Hdf5Attribute.all(this);
      attributes = known;
    }
    return known;
  }

  /** The messages of a type. */
  ImmutableList<Message> all(int type) {
    return messages.get(type);
  }

  /** The content of the one message of a type, from its start. */
  Optional<ByteBuffer> one(int type) {
    ImmutableList<Message> all = all(type);
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Hdf5File.check(
        all.size() == 1 && !all.get(0).shared(), "one message " + type + " of its own", "others");
    return Optional.of(all.get(0).content().duplicate().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static ImmutableList<Message> version1(Hdf5File file, long address) {
    long length = Integer.toUnsignedLong(file.bytes(address, 16).getInt(8));
    Walk walk = new Walk(new Block(address + 16, length));
    while (walk.hasNext()) {
      Block block = walk.next();
      ByteBuffer bytes = file.bytes(block.address(), block.length());
      while (bytes.remaining() >= 8) {
        int type = Short.toUnsignedInt(bytes.getShort());
        int size = Short.toUnsignedInt(bytes.getShort());
        int flags = bytes.get();
        bytes.position(bytes.position() + 3);
        walk.add(type, flags, content(bytes, size));
      }
    }
    return walk.messages();
  }

  private static ImmutableList<Message> version2(Hdf5File file, long address) {
    ByteBuffer start = file.bytes(address, 6, HEADER);
    Hdf5File.check(start.get() == 2, "an object of version 2", "another");
    int flags = start.get();
    int before = 6 + ((flags & 0x20) == 0 ? 0 : 16) + ((flags & 0x10) == 0 ? 0 : 4);
    int width = 1 << (flags & 3);
    long length = number(file.bytes(address + before, width), width);
    Walk walk = new Walk(new Block(address + before + width, length));
    boolean ordered = (flags & 4) != 0;
    while (walk.hasNext()) {
      Block block = walk.next();
      ByteBuffer bytes =
          walk.isFirst()
              ? file.bytes(block.address(), block.length())
              : file.bytes(block.address(), block.length() - 4, CONTINUED);
      int head = ordered ? 6 : 4;
      while (bytes.remaining() >= head) {
        int type = Byte.toUnsignedInt(bytes.get());
        int size = Short.toUnsignedInt(bytes.getShort());
        int flag = bytes.get();
        bytes.position(bytes.position() + head - 4);
        walk.add(type, flag, content(bytes, size));
      }
    }
    return walk.messages();
  }

  private static ByteBuffer content(ByteBuffer bytes, int size) {
    ByteBuffer content = bytes.slice(bytes.position(), size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + size);
    return content;
  }

  /** A whole number of some bytes. */
  static long number(ByteBuffer bytes, int width) {
    return switch (width) {
      case 1 -> Byte.toUnsignedLong(bytes.get());
      case 2 -> Short.toUnsignedLong(bytes.getShort());
      case 4 -> Integer.toUnsignedLong(bytes.getInt());
      default -> bytes.getLong();
    };
  }

  /** Messages, and the blocks that they say to go on in, each of which is read once. */
  private static final class Walk {
    private final Deque<Block> open = new ArrayDeque<>();
    private final Set<Block> seen = new HashSet<>();
    private final ImmutableList.Builder<Message> messages = ImmutableList.builder();

    Walk(Block first) {
      open.add(first);
    }

    boolean hasNext() {
      return !open.isEmpty();
    }

    Block next() {
      Block next = open.remove();
      Hdf5File.check(seen.add(next), "a block once", "it in a circle");
      return next;
    }

    boolean isFirst() {
      return seen.size() == 1;
    }

    void add(int type, int flags, ByteBuffer content) {
      if (type == Hdf5Messages.CONTINUATION) {
        open.add(new Block(content.getLong(0), content.getLong(8)));
      } else if (type != Hdf5Messages.NIL) {
        messages.add(new Message(type, (flags & SHARED) != 0, content));
      }
    }

    ImmutableList<Message> messages() {
      return messages.build();
    }
  }
}
