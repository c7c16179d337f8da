package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Downloads of one file into one folder, and what their listener is told. */
final class DownloadBench {
  static final byte[] WEIGHTS = random(1);
  static final byte[] OTHERS = random(2);
  static final byte[] NOTHING = {};
  static final String TAG = "\"1\"";
  static final String OTHER_TAG = "\"2\"";

  private final Path folder;
  private final List<String> told = new ArrayList<>();

  DownloadBench(Path folder) {
    this.folder = folder;
  }

  private static byte[] random(long seed) {
    byte[] bytes = new byte[100_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @SuppressWarnings("deprecation") // it is the hash of Keras's files
  static String md5(byte[] bytes) {
    return Hashing.md5().hashBytes(bytes).toString();
  }

  static RemoteFile file(FileServer server) {
    return file(server.address());
  }

  static RemoteFile file(String address) {
    return new RemoteFile(address, "weights.h5", md5(WEIGHTS));
  }

  /** Without the proxies of this machine, and almost without waits. */
  Downloads downloads() {
    return Downloads.into(folder)
        .firstWait(Duration.ofMillis(1))
        .proxies(new EnvironmentProxies(Map.of(), Optional.empty()))
        .listener(
            new DownloadListener() {
              @Override
              public void retrying(RemoteFile file, String reason, Duration wait) {
                told.add(reason + "; again in " + wait.toMillis() + " ms");
              }
            });
  }

  Path folder() {
    return folder;
  }

  List<String> told() {
    return told;
  }

  void assertFetched(Path fetched) throws IOException {
    assertEquals(folder.resolve("weights.h5"), fetched);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(fetched));
    assertEquals(List.of("weights.h5"), names());
  }

  /** What is in the folder. */
  List<String> names() throws IOException {
    return MoreFiles.listFiles(folder).stream()
        .map(path -> path.getFileName().toString())
        .sorted()
        .toList();
  }

  String failure(Downloads downloads, FileServer server) {
    return failure(downloads, file(server));
  }

  String failure(Downloads downloads, RemoteFile file) {
    return String.valueOf(
        assertThrows(ModelFileException.class, () -> downloads.fetch(file)).getMessage());
  }

  /** The end of each message: what to do without a network. */
  String byHand(FileServer server) {
    return byHand(server.address());
  }

  String byHand(String address) {
    return "; put the file from " + address + " into " + folder + " (MD5 " + md5(WEIGHTS) + ")";
  }
}
