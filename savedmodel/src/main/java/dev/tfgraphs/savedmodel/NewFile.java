package dev.tfgraphs.savedmodel;

import dev.tfgraphs.graphs.Aside;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A file to be written.
 *
 * @param name what it is called, in the folder of the target
 */
record NewFile(String name, Content content) {
  /** Writes to a path where nothing is. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path file) throws IOException;
  }

  /**
   * Writes files aside, and then moves them to their places beside {@code target}, where old ones
   * may be. Nothing is moved before all are written.
   *
   * @param files the last of them makes the others whole
   * @param old names of the others that the last one, which is there, leads to
   */
  static void put(Path target, List<NewFile> files, Set<String> old) throws IOException {
    Set<String> left = new LinkedHashSet<>(old);
    try (Aside aside = Aside.of(target.toAbsolutePath())) {
      Path fresh = aside.fresh();
      for (NewFile each : files) {
        requireNoFolder(target.resolveSibling(each.name()));
      }
      for (NewFile each : files.subList(0, files.size() - 1)) {
        if (!left.remove(each.name())) {
          requireNothing(target, target.resolveSibling(each.name()));
        }
      }
      for (NewFile each : files) {
        each.content().writeTo(fresh.resolveSibling(each.name()));
        force(fresh.resolveSibling(each.name()));
      }
      if (files.size() > 1) { // new files and an old one that leads to them would be a mixture
        Files.deleteIfExists(target.resolveSibling(files.get(files.size() - 1).name()));
      }
      for (String name : left) {
        Files.deleteIfExists(target.resolveSibling(name));
      }
      for (NewFile each : files) {
        Path place = target.toAbsolutePath().resolveSibling(each.name());
        Files.move(fresh.resolveSibling(each.name()), place, StandardCopyOption.ATOMIC_MOVE);
      }
      aside.deleteLeft();
    }
  }

  private static void requireNoFolder(Path place) throws IOException {
    if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(place.toString(), null, "there is a folder of this name");
    }
  }

  /** What no index leads to may be anybody's. */
  private static void requireNothing(Path target, Path place) throws IOException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          place.toString(),
          null,
          "there is a file that %s does not name; move it away".formatted(target.getFileName()));
    }
  }

  /** What has a name is whole, even after a loss of power. */
  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
