package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * What has come of a file: {@code name.part} beside its place. A hidden file beside it is locked
 * while somebody fetches, and holds the entity tag of what the part belongs to; the lock ends with
 * its process. Both go when the file is whole, or when nothing has come.
 */
final class PartFile implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  /** A tag in its quotes, or none. */
  private static final Pattern TAG = Pattern.compile("(\"[!#-~\\x80-\\xff]*\")?");

  private static final int MAX_TAG = 8192;

  /**
   * Those that this process fetches. On some systems to open and close a file ends all locks of the
   * process on it, so that a second thread must not come near.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path target;
  private final Path part;
  private final Path lock;
  private final FileChannel locked;
  private final FileChannel bytes;

  private PartFile(Path target, FileChannel locked) throws IOException {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.lock = lockOf(target);
    this.locked = locked;
    this.bytes =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.READ,
            LinkOption.NOFOLLOW_LINKS);
    bytes.position(bytes.size());
    if (locked.size() > MAX_TAG || !TAG.matcher(tag()).matches()) {
      restart(""); // nobody knows what the bytes are of
    }
  }

  private static Path lockOf(Path target) {
    return target.resolveSibling("." + target.getFileName() + ".download");
  }

  /**
   * The part of a file, as soon as nobody else fetches it.
   *
   * @param folder which exists
   * @param waiting is told once if somebody else does
   */
  static PartFile of(Path folder, String name, Runnable waiting)
      throws IOException, InterruptedException {
    Path target = folder.toRealPath().resolve(name);
    Optional<PartFile> found = unlessTaken(target);
    if (found.isEmpty()) {
      waiting.run();
    }
    while (found.isEmpty()) {
      Thread.sleep(POLL_MILLIS);
      found = unlessTaken(target);
    }
    return found.get();
  }

  private static Optional<PartFile> unlessTaken(Path target) throws IOException {
    if (!OWN.add(target)) {
      return Optional.empty();
    }
    Optional<PartFile> found = Optional.empty();
    try {
      found = unlessLocked(target);
      return found;
    } finally {
      if (found.isEmpty()) {
        OWN.remove(target);
      }
    }
  }

  private static Optional<PartFile> unlessLocked(Path target) throws IOException {
    Path lock = lockOf(target);
    try {
      Files.createFile(lock);
    } catch (FileAlreadyExistsException e) {
      // then that is the one
    }
    Optional<Object> before = key(lock);
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              lock, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      // whoever had it may have deleted it between, and another may have made a new one
      if (isLocked(channel) && Files.exists(lock) && key(lock).equals(before)) {
        return Optional.of(new PartFile(target, channel));
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /** What tells a file from another that had its name; nothing where systems do not say. */
  private static Optional<Object> key(Path file) throws IOException {
    try {
      return Optional.ofNullable(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this library in another class loader has it
    } catch (IOException e) {
      return true; // where files cannot be locked, nobody can be waited for
    }
  }

  /** Where it is. */
  Path path() {
    return part;
  }

  /** How many bytes have come. */
  long size() throws IOException {
    return bytes.size();
  }

  /** What the server called the file that these bytes are of; empty if it did not. */
  String tag() throws IOException {
    ByteBuffer text = ByteBuffer.allocate(Math.toIntExact(locked.size()));
    locked.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
  }

  /** Begins anew, with the bytes of a file of this tag. */
  void restart(String tag) throws IOException {
    bytes.truncate(0);
    locked.truncate(0);
    locked.write(ByteBuffer.wrap(tag.getBytes(StandardCharsets.UTF_8)), 0);
  }

  void append(List<ByteBuffer> piece) throws IOException {
    for (ByteBuffer buffer : piece) {
      FileChannels.writeFully(bytes, buffer);
    }
  }

  /** Gives the bytes the name of the file, whatever was there. */
  void finish() throws IOException {
    bytes.force(true);
    bytes.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    try (locked;
        bytes) {
      if (!Files.exists(part) || Files.size(part) == 0) {
        Files.deleteIfExists(part);
        Files.deleteIfExists(lock);
      }
    } finally {
      OWN.remove(target);
    }
  }
}
