package dev.tfgraphs.graphs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a fit that was killed go on where its last backup was, as if nothing had happened: weights,
 * optimizer, random states, metrics, callbacks, and the place in the data are those of the killed
 * run (keras/src/callbacks/backup_and_restore.py, which keeps no place in the data).
 *
 * <p>Start the same program again with the same folder: a fit that finds a backup there goes on
 * from it, which the log says. When a fit ends by itself the backup is deleted. A backup of another
 * model, optimizer or callbacks, or of data that are other in number or in batches, is refused;
 * other numbers in as many data are not seen. A backup of a fit that has ended, kept by {@link
 * #deleteCheckpoint} or with fewer epochs to go to, leaves nothing to train, which the log warns
 * of. Each setting returns another callback.
 */
public final class BackupAndRestore implements AnnouncedLogs {
  private static final Logger LOG = LoggerFactory.getLogger(BackupAndRestore.class);

  private final Path folder;
  private final OptionalInt everySteps;
  private final boolean deletes;

  private BackupAndRestore(Path folder, OptionalInt everySteps, boolean deletes) {
    this.folder = folder;
    this.everySteps = everySteps;
    this.deletes = deletes;
  }

  /** {@return backups in {@code folder}, one after each epoch; it is made when needed} */
  public static BackupAndRestore in(Path folder) {
    return new BackupAndRestore(folder, OptionalInt.empty(), true);
  }

  /**
   * {@return this callback making a backup after so many steps of an epoch, too}
   *
   * @throws GraphException if not positive
   */
  public BackupAndRestore saveFrequency(int steps) {
    Checks.positive("backup", "steps", steps);
    return new BackupAndRestore(folder, OptionalInt.of(steps), deletes);
  }

  /**
   * {@return this callback deleting the last backup when a fit ends by itself, the default, or not}
   */
  public BackupAndRestore deleteCheckpoint(boolean deletes) {
    return new BackupAndRestore(folder, everySteps, deletes);
  }

  @Override
  public void trainBegin(Fit fit) {
    try {
      Optional<Path> last = last();
      // a run that was killed while it wrote leaves more than its last backup
      deleteAllBut(last);
      if (last.isPresent()) {
        restore(fit, last.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("backup: expected one in " + folder + " that can be read", e);
    }
    try {
      Snapshots.tryPlace(folder.resolve("0"));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void restore(Fit fit, Path backup) throws IOException {
    Fit.Progress progress = Backup.restore(fit, backup);
    Optional<String> warning = warning(backup, progress, fit.epochs());
    if (warning.isPresent()) {
      LOG.warn("{}", warning.get());
    } else {
      LOG.info(
          "backup: going on from {}, after {} steps of epoch {}/{}",
          backup,
          progress.step(),
          progress.epoch() + 1,
          fit.epochs());
    }
  }

  /** What is to be said of a backup from which there is nowhere to go. */
  static Optional<String> warning(Path backup, Fit.Progress progress, int epochs) {
    if (!progress.stopping() && progress.epoch() < epochs) {
      return Optional.empty();
    }
    return Optional.of(
        "backup: expected that of a fit with epochs to go in %s, received that of one that ended"
                .formatted(backup)
            + " after %d; nothing is trained; %s".formatted(progress.epoch(), Backup.ANEW));
  }

  private UncheckedIOException unwritable(IOException cause) {
    return new UncheckedIOException("backup: expected to write into " + folder, cause);
  }

  @Override
  public void batchEnd(Fit fit, int batch) {
    Fit.Progress now = fit.progress();
    // the end of a stopped epoch follows at once and has a backup of its own
    if (everySteps.isPresent() && (batch + 1) % everySteps.getAsInt() == 0 && !now.stopping()) {
      write(fit, now);
    }
  }

  @Override
  public void epochEnd(Fit fit, int epoch) {
    Fit.Progress now = fit.progress();
    write(fit, new Fit.Progress(epoch + 1, 0, now.place(), now.stopping(), now.history()));
  }

  @Override
  public void trainEnd(Fit fit) {
    if (deletes && !fit.trainer().isStopped()) {
      try {
        deleteAllBut(Optional.empty());
        if (Files.exists(folder) && isEmpty(folder)) {
          Files.delete(folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("backup: expected to delete " + folder, e);
      }
    }
  }

  private void write(Fit fit, Fit.Progress progress) {
    try {
      Optional<Path> before = last();
      int number = before.map(BackupAndRestore::number).orElse(-1) + 1;
      Snapshots.write(
          folder.resolve(Integer.toString(number)), inside -> Backup.write(fit, progress, inside));
      if (before.isPresent()) {
        Snapshots.delete(before.get());
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private Optional<Path> last() throws IOException {
    return children("\\d+").stream().max(Comparator.comparingInt(BackupAndRestore::number));
  }

  /** What is not ours stays. */
  private void deleteAllBut(Optional<Path> kept) throws IOException {
    for (Path child : children("\\d+|\\.\\d+-\\d+")) {
      if (!kept.equals(Optional.of(child))) {
        Snapshots.delete(child);
      }
    }
  }

  private List<Path> children(String pattern) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(child -> child.getFileName().toString().matches(pattern)).toList();
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.findAny().isEmpty();
    }
  }

  private static int number(Path backup) {
    return Integer.parseInt(backup.getFileName().toString());
  }
}
