package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Aside;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * A file that an option names, to be written at the end of what may take hours.
 *
 * @param option such as {@code --output}
 */
record OutputFile(String option, Path path) {
  /** Writes to a path where nothing is. */
  interface Content {
    void writeTo(Path file) throws IOException;
  }

  /**
   * Checks before the work what can be known of the writing.
   *
   * @param endings one of which the file's name has
   * @throws CommandException if the name ends otherwise, or no file can be made there
   */
  OutputFile check(String... endings) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (Arrays.stream(endings).noneMatch(name::endsWith)) {
      throw problem("a file that ends in " + String.join(" or ", endings));
    }
    return checkPlace();
  }

  /**
   * Checks {@link #check} but for the name.
   *
   * @throws CommandException if no file can be made there
   */
  OutputFile checkPlace() {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(path)) {
      throw problem("a file in a folder that is there");
    }
    if (!Files.isWritable(folder)) {
      throw problem("a file in a folder that can be written to");
    }
    return this;
  }

  /**
   * Sees that what is read is not written over.
   *
   * @param what how errors call it, {@code INPUT}
   * @param read a file or folder
   * @throws CommandException if {@code read} is this file, or has it in it
   */
  void checkIsNot(String what, Path read) {
    if (isIn(read)) {
      throw replacing(what);
    }
  }

  /** Whether this is there, and is {@code read} or in it. */
  boolean isIn(Path read) {
    try {
      return Files.exists(path)
          && Files.exists(read)
          && path.toRealPath().startsWith(read.toRealPath());
    } catch (IOException e) {
      throw new CommandException(message("a place that can be found"), e);
    }
  }

  CommandException replacing(String what) {
    return problem("another place than that of " + what);
  }

  /**
   * Writes it whole or not at all, in the place of one that is there.
   *
   * @throws CommandException if that fails
   */
  void write(Content content) {
    write(content, "");
  }

  /**
   * Writes it as {@link #write(Content)} does.
   *
   * @param done how errors end: what was written before
   * @throws CommandException if that fails
   */
  void write(Content content, String done) {
    try (Aside aside = Aside.of(path.toAbsolutePath())) {
      Path fresh = aside.fresh();
      content.writeTo(fresh);
      force(fresh);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      aside.deleteLeft();
    } catch (IOException e) {
      throw new CommandException(
          message("a file that can be written") + ": " + reason(e) + done, e);
    }
  }

  /** What has a name is whole, even after a loss of power. */
  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static String reason(IOException e) {
    String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }

  private CommandException problem(String expected) {
    return new CommandException(message(expected));
  }

  private String message(String expected) {
    return option + ": expected " + expected + ", received '" + path + "'";
  }
}
