package dev.tfgraphs.graphs;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Folders that are there whole or not at all. */
final class Snapshots {
  /** What fills a folder. */
  interface Content {
    void writeInto(Path folder) throws IOException;
  }

  /** What helps where something is in the way. */
  static final String FREE_PLACE = "name another path, or move that away";

  private Snapshots() {}

  /** Fills a folder beside {@code folder} and moves it into place, unless something is there. */
  static void write(Path folder, Content content) throws IOException {
    Aside.finish(folder); // what a killed process has left to be put there is in the way too
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(),
          null,
          "expected nothing there, received a %s; %s"
              .formatted(Files.isDirectory(folder) ? "folder" : "file", FREE_PLACE));
    }
    replace(folder, fresh -> content.writeInto(Files.createDirectory(fresh)));
  }

  /** What writes a file or a folder to a path where nothing is. */
  interface Writing {
    void writeTo(Path path) throws IOException;
  }

  /**
   * Has a file or folder written aside and put in the place of the one that is there, if any. What
   * killed processes have left of the same target is deleted.
   */
  static void replace(Path path, Writing content) throws IOException {
    try (Aside aside = Aside.of(path)) {
      Path fresh = aside.fresh();
      content.writeTo(fresh);
      force(fresh);
      put(fresh, aside.target(), aside.old());
      // not before: until now what was left might have been all that there was
      aside.deleteLeft();
    }
  }

  /** Moves {@code fresh} to {@code target}; what was there goes to {@code old}, or stays. */
  static void put(Path fresh, Path target, Path old) throws IOException {
    // only a file replaces a file in one go
    boolean replaced =
        Files.isDirectory(target) || (Files.exists(target) && Files.isDirectory(fresh));
    if (replaced) {
      Files.move(target, old);
    }
    try {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException failure) {
      if (replaced) {
        putBack(old, target, failure);
      }
      throw failure;
    }
    Optional.ofNullable(target.getParent()).ifPresent(Snapshots::forceNames);
  }

  private static void putBack(Path old, Path target, Exception failure) {
    try {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException another) {
      failure.addSuppressed(another);
    }
  }

  /** Makes the folder of {@code path} where there is none; a link to a folder is one. */
  static Path makeParent(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path parent = Objects.requireNonNullElse(absolute.getParent(), absolute);
    return Files.isDirectory(parent) ? parent : Files.createDirectories(parent);
  }

  /** Fails if nothing can be written in the place of {@code path}; changes nothing there. */
  static void tryPlace(Path path) throws IOException {
    Files.delete(Files.createTempFile(makeParent(path), ".try", null));
  }

  /** Has the disk hold every file before the folder gets its name. */
  private static void force(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        forceNames(path);
      } else if (Files.isRegularFile(path)) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /** Has the disk hold what is in a folder, on systems that open folders. */
  private static void forceNames(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // elsewhere there is nothing to be done
    }
  }

  /** Deletes {@code folder} with what is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Equal properties are equal files: in order of their lines, and without the time of writing. */
  static void writeProperties(Path file, Properties properties) throws IOException {
    StringWriter stored = new StringWriter();
    properties.store(stored, null);
    String text =
        stored
            .toString()
            .lines()
            .filter(line -> !line.startsWith("#")) // a name that does is written as \#
            .sorted()
            .collect(Collectors.joining("\n", "", "\n"));
    Files.writeString(file, text);
  }

  static Properties readProperties(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    return properties;
  }
}
