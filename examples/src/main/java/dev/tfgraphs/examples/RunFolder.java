package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The folder that a training writes. Until {@link #publish} all is written beside its place, under
 * a name that begins with a dot; closed before that, it leaves nothing.
 */
final class RunFolder implements AutoCloseable {
  static final Path RUNS = Path.of("runs");
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT);

  private final Path target;
  private final Path temporary;
  private final ImmutableList<Path> made;
  private boolean done;

  private RunFolder(Path target, Path temporary, List<Path> made) {
    this.target = target;
    this.temporary = temporary;
    this.made = ImmutableList.copyOf(made);
  }

  /**
   * Reserves a folder.
   *
   * @throws CommandException if it is there already and not empty, is reserved by another training,
   *     or cannot be made
   */
  static RunFolder named(Path target) {
    RunFolder folder = reserved(target).orElseThrow(() -> beingWritten(target));
    if (isTaken(target)) {
      folder.close();
      throw new CommandException(
          "--output: expected a folder that is not there yet, received '" + target + "'");
    }
    return folder;
  }

  private static CommandException beingWritten(Path target) {
    return new CommandException(
        "--output: expected a folder that no other training writes, received '"
            + target
            + "'; if none does, delete "
            + part(target)
            + ", left by one that was killed");
  }

  /** Reserves a folder in {@code runs} for a run of {@code time}. */
  static RunFolder timed(Path runs, LocalDateTime time) {
    Path wanted = runs.resolve(NAME.format(time));
    while (true) {
      Path target = free(wanted, RunFolder::isReserved);
      Optional<RunFolder> folder = reserved(target);
      if (folder.isPresent() && !isTaken(target)) {
        return folder.get();
      }
      folder.ifPresent(RunFolder::close); // another training ended meanwhile
    }
  }

  private static boolean isReserved(Path folder) {
    return Files.exists(folder) || Files.exists(part(folder));
  }

  /** {@code wanted}, or the first that is free of those with a number after it. */
  private static Path free(Path wanted, Predicate<Path> taken) {
    Path free = wanted;
    for (int i = 2; taken.test(free); i++) {
      free = wanted.resolveSibling(wanted.getFileName() + "_" + i);
    }
    return free;
  }

  /** Where a training that ends in {@code target} writes; who makes it has reserved the target. */
  private static Path part(Path target) {
    Path full = target.toAbsolutePath().normalize();
    if (full.getParent() == null) {
      throw new CommandException("--output: expected a folder, received '" + target + "'");
    }
    return full.resolveSibling("." + full.getFileName() + ".part");
  }

  /** Empty if another training has the place. */
  private static Optional<RunFolder> reserved(Path target) {
    Path part = part(target);
    List<Path> made = new ArrayList<>();
    for (Path at = part.getParent(); at != null && !Files.exists(at); at = at.getParent()) {
      made.add(at);
    }
    try {
      Files.createDirectories(target.toAbsolutePath().normalize().resolveSibling(""));
      return Optional.of(new RunFolder(target, Files.createDirectory(part), made));
    } catch (IOException e) {
      if (e instanceof FileAlreadyExistsException && Files.isDirectory(part)) {
        return Optional.empty();
      }
      throw new CommandException(
          "--output: expected a place that can be written to, received '" + target + "'", e);
    }
  }

  private static boolean isTaken(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether 'train' wrote {@code folder}. */
  static boolean isRun(Path folder) {
    return Files.isDirectory(folder.resolve(RunFiles.MODEL))
        && Files.isRegularFile(folder.resolve(RunFiles.SETTINGS));
  }

  /** The run that {@code folder} is or holds, the last by name; empty if there is none. */
  static Optional<Path> lastRun(Path folder) {
    if (isRun(folder)) {
      return Optional.of(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(RunFolder::isRun).max(Comparator.naturalOrder());
    } catch (IOException e) {
      return Optional.empty(); // whoever reads it says why it cannot be read
    }
  }

  /**
   * Sees that a training on {@code data} leaves nothing there for the next one to take for a class.
   *
   * @throws CommandException if this folder is inside of {@code data}
   */
  void checkOutside(Path data) throws IOException {
    if (temporary.toRealPath().startsWith(data.toRealPath())) {
      throw new CommandException(
          "--output: expected a folder outside of --data, where it would become a class, received '"
              + target
              + "'");
    }
  }

  /** Where to write until all is written. */
  Path temporary() {
    return temporary;
  }

  /**
   * Moves what was written to its place, or, if something else has come there, beside it.
   *
   * @return the place
   * @throws IOException if that fails; closing then deletes what was written
   */
  Path publish() throws IOException {
    Path place = free(target, RunFolder::isTaken);
    Files.deleteIfExists(place);
    Files.move(temporary, place);
    done = true;
    return place;
  }

  /** Deletes what was not published, and the folders made for it. */
  @Override
  public void close() {
    if (done) {
      return;
    }
    done = true;
    try {
      MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
      for (Path folder : made) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      // what is left begins with a dot and says what it is; the failure that led here counts
    }
  }
}
