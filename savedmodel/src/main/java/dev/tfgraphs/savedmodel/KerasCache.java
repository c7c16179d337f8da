package dev.tfgraphs.savedmodel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Keras keeps what it has fetched (keras/src/backend/config.py and utils/file_utils.py), so
 * that both find it.
 */
record KerasCache(Map<String, String> environment, Path temporary) {
  /** Of this process. */
  static KerasCache ofProcess() {
    Path shared = Path.of("/tmp");
    Path own = Path.of(System.getProperty("java.io.tmpdir", "."));
    return new KerasCache(System.getenv(), Files.isDirectory(shared) ? shared : own);
  }

  /** The folder of models; where Keras's home cannot be written, one for temporary files. */
  Path models() {
    Path home = home();
    return (isWritable(home) ? home : temporary.resolve(".keras")).resolve("models");
  }

  private Path home() {
    String given = environment.getOrDefault("KERAS_HOME", "");
    if (given.isEmpty()) {
      return user().resolve(".keras");
    }
    return given.equals("~") || given.startsWith("~/")
        ? user().resolve(given.substring(Math.min(2, given.length())))
        : Path.of(given);
  }

  /** As Python's expanduser has it; Java's own property does not follow the variable. */
  private Path user() {
    String home = environment.getOrDefault("HOME", environment.getOrDefault("USERPROFILE", ""));
    return Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home);
  }

  /** Whether a folder can be written in, or made. */
  private static boolean isWritable(Path folder) {
    @Nullable Path nearest = folder.toAbsolutePath();
    while (nearest != null && !Files.exists(nearest)) {
      nearest = nearest.getParent();
    }
    return nearest != null && Files.isDirectory(nearest) && Files.isWritable(nearest);
  }
}
