package dev.tfgraphs.savedmodel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is in a group, by name: in a tree as HDF5 1.6 made it and h5py does to this day, or in
 * messages of the group. III.A, III.B and IV.A.2.g of the specification.
 */
final class Hdf5Links {
  /** The address of what is not in the file, or a link to what is. */
  static final long ELSEWHERE = -1;

  private static final int NODE = 24;
  private static final int SYMBOL = 40;

  private Hdf5Links() {}

  static boolean isGroup(Hdf5Object object) {
    return !object.all(Hdf5Messages.SYMBOL_TABLE).isEmpty()
        || !object.all(Hdf5Messages.LINK_INFO).isEmpty();
  }

  /** The addresses of what is in a group. */
  static Map<String, Long> of(Hdf5File file, Hdf5Object group) {
    Map<String, Long> links = new LinkedHashMap<>();
    Optional<ByteBuffer> table = group.one(Hdf5Messages.SYMBOL_TABLE);
    if (table.isPresent()) {
      ByteBuffer names = file.heaps().names(table.get().getLong(8));
      addTree(file, table.get().getLong(0), names, links);
    }
    group.one(Hdf5Messages.LINK_INFO).ifPresent(Hdf5Links::checkCompact);
    for (Hdf5Object.Message message : group.all(Hdf5Messages.LINK)) {
      addLink(message.content().duplicate().order(message.content().order()), links);
    }
    return links;
  }

  /** The tree of version 1: nodes of nodes, and of tables in the end. */
  private static void addTree(Hdf5File file, long root, ByteBuffer names, Map<String, Long> links) {
    Deque<Long> open = new ArrayDeque<>();
    Set<Long> seen = new HashSet<>();
    open.add(root);
    while (!open.isEmpty()) {
      long address = open.remove();
      Hdf5File.check(seen.add(address), "a node of a tree once", "it in a circle");
      ByteBuffer head = file.bytes(address, NODE, "TREE");
      Hdf5File.check(head.get() == 0, "a tree of links", "another");
      int level = head.get();
      int entries = Short.toUnsignedInt(head.getShort());
      ByteBuffer children = file.bytes(address + NODE, 16L * entries + 8);
      for (int i = 0; i < entries; i++) {
        long child = children.getLong(16 * i + 8);
        if (level > 0) {
          open.add(child);
        } else {
          addTable(file, child, names, links);
        }
      }
    }
  }

  private static void addTable(
      Hdf5File file, long address, ByteBuffer names, Map<String, Long> links) {
    int entries = Short.toUnsignedInt(file.bytes(address, 8, "SNOD").getShort(6));
    ByteBuffer table = file.bytes(address + 8, (long) SYMBOL * entries);
    for (int i = 0; i < entries; i++) {
      int start = SYMBOL * i;
      String name = Hdf5Heaps.name(names, table.getLong(start));
      file.spend(name.length());
      boolean soft = table.getInt(start + 16) == 2;
      add(name, soft ? ELSEWHERE : table.getLong(start + 8), links);
    }
  }

  private static void checkCompact(ByteBuffer info) {
    boolean indexed = (info.get(1) & 1) != 0;
    Hdf5File.check(
        info.getLong(indexed ? 10 : 2) == Hdf5Messages.UNDEFINED,
        "links in the header of a group",
        "links in a heap (h5py writes none unless libver is 'latest')");
  }

  private static void addLink(ByteBuffer link, Map<String, Long> links) {
    Hdf5File.check(link.get() == 1, "a link of version 1", "another");
    int flags = link.get();
    int type = (flags & 8) == 0 ? 0 : link.get();
    int skipped = ((flags & 4) == 0 ? 0 : 8) + ((flags & 0x10) == 0 ? 0 : 1);
    link.position(link.position() + skipped);
    int length = Math.toIntExact(Hdf5Object.number(link, 1 << (flags & 3)));
    String name = Hdf5Heaps.text(link.slice(link.position(), length));
    link.position(link.position() + length);
    add(name, type == 0 ? link.getLong() : ELSEWHERE, links);
  }

  private static void add(String name, long address, Map<String, Long> links) {
    Hdf5File.check(
        links.putIfAbsent(name, address) == null, "names that differ", "'" + name + "' twice");
  }
}
