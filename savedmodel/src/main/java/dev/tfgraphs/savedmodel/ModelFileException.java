package dev.tfgraphs.savedmodel;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Thrown when a model's files cannot be written, read, fetched or run: a SavedModel, weights, a
 * whole model of Keras. The message says which file or input, what was expected and what was
 * received.
 */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception that says {@code message}. */
  public ModelFileException(String message) {
    super(message);
  }

  /** Makes an exception that says {@code message} and keeps its cause. */
  public ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /** What is wrong with the SavedModel at {@code path}. */
  static ModelFileException at(Path path, String problem) {
    return new ModelFileException("SavedModel " + path + ": " + problem);
  }

  /** What went wrong, {@code cannot be read} for example, and why. */
  static ModelFileException at(Path path, String problem, Exception cause) {
    return new ModelFileException(
        "SavedModel " + path + ": " + because(path, problem, cause), cause);
  }

  /** What is wrong with the weights in {@code file}, of a kind that errors call {@code kind}. */
  static ModelFileException ofWeights(Path file, String kind, String problem) {
    return new ModelFileException("weights " + file + " (" + kind + "): " + problem);
  }

  /** What is wrong with the weights in {@code file}, and why. */
  static ModelFileException ofWeights(Path file, String kind, String problem, Throwable cause) {
    return new ModelFileException("weights " + file + " (" + kind + "): " + problem, cause);
  }

  /** What a file says, so that it can be shown among other words. */
  static String shown(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * What went wrong with {@code path}, {@code cannot be read} for example, and why; if nothing is
   * there, that alone.
   */
  static String because(Path path, String problem, Exception cause) {
    boolean nothing =
        cause instanceof NoSuchFileException none && path.toString().equals(none.getFile());
    return nothing ? "expected a file, received nothing" : problem + ": " + reason(cause);
  }

  /** What is wrong, in one line. TensorFlow's exceptions have no type in common. */
  static String reason(Exception cause) {
    if (cause instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    if (cause instanceof FileSystemException failure) {
      String reason = failure.getReason();
      String target = failure.getOtherFile(); // where something was to be moved
      return (target == null ? failure.getFile() : target)
          + ": "
          + (reason == null ? kind(failure) : reason);
    }
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElseThrow();
  }

  private static String kind(FileSystemException failure) {
    return failure instanceof NoSuchFileException
        ? "not there"
        : failure.getClass().getSimpleName();
  }
}
