package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder {@code .name-number} beside a target, where that is written before it gets its name. A
 * locked file in it says that somebody still writes: the lock ends with its process, whatever
 * becomes of that, so the folders of the killed can be told from those of the living.
 */
public final class Aside implements AutoCloseable {
  private static final String LOCK = "lock";

  /** Those of this process. On some systems to open and close a file ends all locks on it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path target;
  private final Path folder;
  private final FileChannel channel;

  private Aside(Path target) throws IOException {
    this.target = target;
    this.folder = Files.createTempDirectory(target.getParent(), prefix());
    OWN.add(folder);
    this.channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * {@return a new folder for {@code target}, whose parents are made where they are missing}
   *
   * @throws IOException if it cannot be made
   */
  public static Aside of(Path target) throws IOException {
    Path parent = Snapshots.makeParent(target).toRealPath();
    Aside aside = new Aside(parent.resolve(target.getFileName()));
    while (!aside.locked()) {
      aside.close();
      aside = new Aside(aside.target);
    }
    return aside;
  }

  /** False if somebody took it for left before it was locked. */
  private boolean locked() {
    try {
      return channel.tryLock() != null && Files.exists(folder.resolve(LOCK));
    } catch (IOException e) {
      return true; // where files cannot be locked, nobody else can say that it is left
    }
  }

  /** Where it goes in the end. */
  Path target() {
    return target;
  }

  /**
   * {@return a path in here where nothing is, under the name of the target, because writers look at
   * how names end}
   *
   * @throws IOException if it was asked for before
   */
  public Path fresh() throws IOException {
    return Files.createDirectory(folder.resolve("new")).resolve(target.getFileName());
  }

  /** A path in here for what is in the target's place. */
  Path old() {
    return folder.resolve("old");
  }

  private String prefix() {
    return "." + target.getFileName() + "-";
  }

  /**
   * Deletes what processes that live no more have left beside the same target; to be called when
   * the target is there, because what they left might have been all that there was.
   *
   * @throws IOException if the folder of the target cannot be read
   */
  public void deleteLeft() throws IOException {
    Pattern pattern = Pattern.compile(Pattern.quote(prefix()) + "\\d+");
    List<Path> found;
    try (Stream<Path> siblings = Files.list(target.getParent())) {
      found =
          siblings
              .filter(path -> pattern.matcher(path.getFileName().toString()).matches())
              .filter(path -> !OWN.contains(path) && Files.isRegularFile(path.resolve(LOCK)))
              .toList();
    }
    found.forEach(Aside::deleteIfLeft);
  }

  private static void deleteIfLeft(Path folder) {
    try (FileChannel other = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = other.tryLock();
      if (lock != null) {
        Snapshots.delete(folder);
      }
    } catch (IOException e) {
      // somebody else has deleted it, or nobody may: neither concerns what was written
    }
  }

  /** Deletes the folder with what is in it, unless there is nothing else of the target. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      if (Files.exists(target) || !Files.exists(old())) { // else it is all that there is
        Snapshots.delete(folder);
      }
    } catch (IOException e) {
      if (Files.exists(folder)) { // else somebody found it unlocked and was faster
        throw e;
      }
    } finally {
      OWN.remove(folder);
    }
  }
}
