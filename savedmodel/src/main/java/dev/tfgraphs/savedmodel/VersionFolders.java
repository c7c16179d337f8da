package dev.tfgraphs.savedmodel;

import com.google.common.primitives.Longs;
import dev.tfgraphs.graphs.Aside;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The numbered folders of a model, {@code base/1}, {@code base/2}, as TensorFlow Serving wants. */
record VersionFolders(Path base) {
  private static final String MODEL = "saved_model.pb";

  /** Fills a folder. */
  interface Writer {
    void write(Path folder) throws IOException;
  }

  static VersionFolders of(Path base) {
    return new VersionFolders(base);
  }

  /** Makes the next version; it appears all at once or not at all. */
  Path add(Writer writer) throws IOException {
    Aside.finish(base);
    makeBase();
    // TensorFlow Serving ignores what is not a number
    try (Aside aside = Aside.of(base.resolve("writing"))) {
      Path temporary = Files.createDirectory(aside.fresh());
      writer.write(temporary);
      Path version = publish(temporary);
      aside.deleteLeft();
      return version;
    }
  }

  private void makeBase() throws IOException {
    if (Files.isDirectory(base)) {
      return; // it may be a link, which createDirectories takes for a file
    }
    try {
      Files.createDirectories(base);
    } catch (FileAlreadyExistsException e) {
      throw new ModelFileException(
          "SavedModel " + base + ": expected a folder, received a file", e);
    }
  }

  private Path publish(Path temporary) throws IOException {
    while (true) {
      Path version = base.resolve(Long.toString(highest().orElse(0) + 1));
      try {
        return Files.move(temporary, version, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException e) {
        // another writer took the number: folders that are not empty are never replaced
        if (!Files.exists(version)) {
          throw e;
        }
      }
    }
  }

  /** The folder to load: this one if it is a version itself, else the highest version in it. */
  Path latest() {
    if (Files.isRegularFile(base.resolve(MODEL))) {
      return base;
    }
    finish();
    if (!Files.exists(base)) {
      throw ModelFileException.at(base, "expected a folder, found nothing");
    }
    if (!Files.isDirectory(base)) {
      throw ModelFileException.at(base, "expected a folder, received a file");
    }
    OptionalLong highest = highestToRead();
    if (highest.isEmpty()) {
      throw ModelFileException.at(base, "expected " + MODEL + " or a numbered folder, found none");
    }
    Path version = base.resolve(Long.toString(highest.getAsLong()));
    if (!Files.isRegularFile(version.resolve(MODEL))) {
      throw ModelFileException.at(version, "expected " + MODEL + ", found none");
    }
    return version;
  }

  /** A checkpoint that was killed on its way to this place is put there. */
  private void finish() {
    try {
      Aside.finish(base);
    } catch (IOException e) {
      throw ModelFileException.at(base, "cannot be put in its place", e);
    }
  }

  private OptionalLong highestToRead() {
    try {
      return highest();
    } catch (IOException e) {
      throw ModelFileException.at(base, "cannot be read", e);
    }
  }

  private OptionalLong highest() throws IOException {
    try (Stream<Path> entries = Files.list(base)) {
      return entries.mapToLong(this::number).filter(number -> number >= 0).max();
    }
  }

  /** The number that an entry of the base folder is called; -1 if it is called otherwise. */
  private long number(Path entry) {
    String name = base.relativize(entry).toString();
    Long number = name.matches("0|[1-9][0-9]*") ? Longs.tryParse(name) : null;
    return number == null ? -1 : number;
  }
}
