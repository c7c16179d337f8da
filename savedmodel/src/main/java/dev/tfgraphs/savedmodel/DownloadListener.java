package dev.tfgraphs.savedmodel;

import java.time.Duration;

/**
 * Is told how a download goes, by the thread that fetches. What it does not care for, it leaves.
 */
public interface DownloadListener {
  /**
   * Some more has come.
   *
   * @param received how many bytes there are, those of earlier downloads included
   * @param total how many there will be, or -1 if the server does not say
   */
  default void progressed(RemoteFile file, long received, long total) {}

  /** The server did not answer well, and is asked again after a while. */
  default void retrying(RemoteFile file, String reason, Duration wait) {}

  /** Somebody else, perhaps another process, fetches the same file; it is waited for. */
  default void waiting(RemoteFile file) {}
}
