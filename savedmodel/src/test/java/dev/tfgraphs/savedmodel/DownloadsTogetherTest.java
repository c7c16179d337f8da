package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.savedmodel.DownloadBench.TAG;
import static dev.tfgraphs.savedmodel.DownloadBench.WEIGHTS;
import static dev.tfgraphs.savedmodel.DownloadBench.file;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several that fetch one file at once. */
@Timeout(120)
class DownloadsTogetherTest {
  private static final int FIRST = 30_000;

  @TempDir Path folder;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch waited = new CountDownLatch(1);

  /** Sends some, and the rest when somebody else waits for the file. */
  private FileServer.Answer inTwoParts() {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", TAG);
      exchange.sendResponseHeaders(200, WEIGHTS.length);
      exchange.getResponseBody().write(WEIGHTS, 0, FIRST);
      exchange.getResponseBody().flush();
      begun.countDown();
      try {
        waited.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.getResponseBody().write(WEIGHTS, FIRST, WEIGHTS.length - FIRST);
      exchange.close();
    };
  }

  private static Downloads downloads(Path folder) {
    return Downloads.into(folder).proxies(new EnvironmentProxies(Map.of(), Optional.empty()));
  }

  private Downloads patient() {
    return downloads(folder)
        .listener(
            new DownloadListener() {
              @Override
              public void waiting(RemoteFile file) {
                waited.countDown();
              }
            });
  }

  private void assertFetched(Path fetched) throws IOException {
    assertArrayEquals(WEIGHTS, Files.readAllBytes(fetched));
    assertEquals(List.of(fetched), MoreFiles.listFiles(folder));
  }

  @Test
  void oneThreadFetchesForAll() throws Exception {
    try (FileServer server = new FileServer(inTwoParts())) {
      RemoteFile file = file(server);
      CompletableFuture<Path> first =
          CompletableFuture.supplyAsync(() -> downloads(folder).fetch(file));
      begun.await();
      assertFetched(patient().fetch(file));
      assertEquals(folder.resolve("weights.h5"), first.get());
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void oneProcessFetchesForAll() throws Exception {
    try (FileServer server = new FileServer(inTwoParts())) {
      Process other = start(server);
      try {
        begun.await();
        assertFetched(patient().fetch(file(server)));
        assertTrue(other.waitFor(60, TimeUnit.SECONDS), "the other process did not end");
        assertEquals(0, other.exitValue());
        assertEquals(1, server.requests().size());
      } finally {
        other.destroyForcibly();
      }
    }
  }

  @Test
  void whatAKilledProcessHasFetchedIsGoneOnFrom() throws Exception {
    try (FileServer server = new FileServer(inTwoParts(), FileServer.bytes(WEIGHTS, TAG))) {
      Process other = start(server);
      begun.await();
      Path part = folder.resolve("weights.h5.part");
      while (!Files.exists(part) || Files.size(part) < FIRST) {
        Thread.sleep(10);
      }
      other.destroyForcibly().waitFor();
      assertFetched(downloads(folder).fetch(file(server)));
      assertEquals("/weights.h5 Range: bytes=30000- If-Range: \"1\"", server.requests().get(1));
    }
  }

  private Process start(FileServer server) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            DownloadsTogetherTest.class.getName(),
            server.address(),
            folder.toString())
        .inheritIO()
        .start();
  }

  /** The other process. */
  public static void main(String[] arguments) {
    Path fetched = downloads(Path.of(arguments[1])).fetch(file(arguments[0]));
    if (!Files.exists(fetched)) {
      throw new AssertionError(fetched);
    }
  }
}
