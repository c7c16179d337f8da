package dev.tfgraphs.graphs.data;

import dev.tfgraphs.graphs.GraphException;
import java.nio.file.Path;

/**
 * A file that is no image, or one that cannot be decoded.
 *
 * @param path where it is
 * @param reason what is wrong with it: {@code cannot be decoded: Invalid PNG data, size 60}
 */
public record BrokenImage(Path path, String reason) {
  static BrokenImage undecodable(Path path, RuntimeException failure) {
    return new BrokenImage(path, "cannot be decoded: " + NativeMessage.of(failure));
  }

  /** {@return what the error says where such a file is not left out} */
  public String message() {
    return "image " + path + ": " + reason;
  }

  GraphException exception() {
    return new GraphException(message());
  }

  GraphException exception(Throwable cause) {
    return new GraphException(message(), cause);
  }
}
