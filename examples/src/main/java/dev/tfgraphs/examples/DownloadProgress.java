package dev.tfgraphs.examples;

import dev.tfgraphs.savedmodel.DownloadListener;
import dev.tfgraphs.savedmodel.RemoteFile;
import java.time.Duration;
import java.util.Locale;

/** Says how a download goes: a line for each tenth of it. */
final class DownloadProgress implements DownloadListener {
  private static final int PARTS = 10;
  private static final double MEGABYTE = 1e6;

  private final Console console;
  private long said = -1;

  DownloadProgress(Console console) {
    this.console = console;
  }

  @Override
  public void progressed(RemoteFile file, long received, long total) {
    long part = total > 0 ? received * PARTS / total : 0;
    if (part > said) {
      said = part;
      String all = total > 0 ? String.format(Locale.ROOT, "%.1f MB", total / MEGABYTE) : "it";
      console.detail("Fetching %s: %.1f MB of %s", file.name(), received / MEGABYTE, all);
      console.out().flush();
    }
  }

  @Override
  public void retrying(RemoteFile file, String reason, Duration wait) {
    console.detail("Fetching %s: %s; again in %d s", file.name(), reason, wait.toSeconds());
    console.out().flush();
  }

  @Override
  public void waiting(RemoteFile file) {
    console.detail("Fetching %s: another process does; waiting for it", file.name());
    console.out().flush();
  }
}
