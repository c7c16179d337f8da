package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final String NEW = "new";
  private static final String OLD = "old";

  /** What is done with what a killed process has left. */
  private interface Finding {
    void of(Path folder) throws IOException;
  }

  /** Those of this process. On some systems to open and close a file ends all locks on it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  /** Held while one looks at what others have left, and perhaps deletes it, which can take long. */
  private static final Object LOOKING = new Object();

  private final Path target;
  private final Path folder;
  private final FileChannel channel;

  private Aside(Path target) throws IOException {
    this.target = target;
    this.folder = own(target);
    this.channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** A new folder; whoever sees it, see {@link #others}, knows already whose it is. */
  private static synchronized Path own(Path target) throws IOException {
    Path folder = Files.createTempDirectory(target.getParent(), prefix(target));
    OWN.add(folder);
    return folder;
  }

  /**
   * {@return a new folder for {@code target}, whose parents are made where they are missing; what
   * was killed is finished first, see {@link #finish}}
   *
   * @throws IOException if it cannot be made
   */
  public static Aside of(Path target) throws IOException {
    Path parent = Snapshots.makeParent(target).toRealPath();
    finish(target);
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
    return Files.createDirectory(folder.resolve(NEW)).resolve(target.getFileName());
  }

  /** A path in here for what is in the target's place. */
  Path old() {
    return folder.resolve(OLD);
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + "-";
  }

  /**
   * Puts in the place of {@code target} the new where a process was killed after it had moved away
   * what was there and before it had put the new, which was whole by then, in its place; of several
   * the last. Does nothing where something is there, or where somebody is at it; what is left of an
   * old one is no help, because the new one was in place before it was deleted.
   *
   * @throws IOException if the folder of the target cannot be read, or nothing can be moved
   */
  public static void finish(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path parent = absolute.getParent();
    if (Files.exists(absolute) || parent == null || !Files.isDirectory(parent)) {
      return;
    }
    Path place = parent.toRealPath().resolve(absolute.getFileName());
    for (Path folder : lastFirst(others(place))) {
      ifLeft(folder, left -> finish(left, place));
    }
  }

  private static void finish(Path left, Path place) throws IOException {
    Path fresh = left.resolve(NEW).resolve(place.getFileName());
    Path old = left.resolve(OLD);
    if (Files.exists(old) && Files.exists(fresh) && !Files.exists(place)) {
      Snapshots.put(fresh, place, old);
      Snapshots.delete(left);
    }
  }

  /** By when something was last moved into them; those that somebody has just deleted, not. */
  private static List<Path> lastFirst(List<Path> folders) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path folder : folders) {
      try {
        times.put(folder, Files.getLastModifiedTime(folder));
      } catch (NoSuchFileException e) {
        // its writer has finished
      }
    }
    return times.keySet().stream().sorted(Comparator.comparing(times::get).reversed()).toList();
  }

  /**
   * Deletes what processes that live no more have left beside the same target; to be called when
   * the target is there, because what they left might have been all that there was.
   *
   * @throws IOException if the folder of the target cannot be read
   */
  public void deleteLeft() throws IOException {
    for (Path folder : others(target)) {
      try {
        ifLeft(folder, Snapshots::delete);
      } catch (IOException e) {
        // somebody else has deleted it, or nobody may: neither concerns what was written
      }
    }
  }

  /** Those beside {@code target} that this process has not made. */
  private static synchronized List<Path> others(Path target) throws IOException {
    Pattern pattern = Pattern.compile(Pattern.quote(prefix(target)) + "\\d+");
    try (Stream<Path> siblings = Files.list(target.getParent())) {
      return siblings
          .filter(path -> pattern.matcher(path.getFileName().toString()).matches())
          .filter(path -> !OWN.contains(path) && Files.isRegularFile(path.resolve(LOCK)))
          .toList();
    }
  }

  /** One at a time, since a process that asks twice for a lock is refused. */
  private static void ifLeft(Path folder, Finding finding) throws IOException {
    synchronized (LOOKING) {
      Optional<FileChannel> opened = opened(folder.resolve(LOCK));
      if (opened.isEmpty()) {
        return;
      }
      try (FileChannel other = opened.get()) {
        @Nullable FileLock lock = other.tryLock();
        if (lock != null) {
          finding.of(folder);
        }
      }
    }
  }

  /** None if its writer has just finished. */
  private static Optional<FileChannel> opened(Path lock) throws IOException {
    try {
      return Optional.of(FileChannel.open(lock, StandardOpenOption.WRITE));
    } catch (NoSuchFileException e) {
      return Optional.empty();
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
