package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.savedmodel.DownloadBench.NOTHING;
import static dev.tfgraphs.savedmodel.DownloadBench.OTHERS;
import static dev.tfgraphs.savedmodel.DownloadBench.TAG;
import static dev.tfgraphs.savedmodel.DownloadBench.WEIGHTS;
import static dev.tfgraphs.savedmodel.DownloadBench.file;
import static dev.tfgraphs.savedmodel.DownloadBench.md5;
import static dev.tfgraphs.savedmodel.FileServer.answer;
import static dev.tfgraphs.savedmodel.FileServer.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a file that cannot be fetched, and what is kept. */
class DownloadFailuresTest {
  @TempDir Path temporary;
  private DownloadBench bench;

  @BeforeEach
  void nameFolder() {
    bench = new DownloadBench(temporary.resolve("keras").resolve("models"));
  }

  @Test
  void aDamagedFileStaysWhereNoneCanBeFetched() throws IOException {
    Files.createDirectories(bench.folder());
    Files.write(bench.folder().resolve("weights.h5"), OTHERS);
    try (FileServer server = new FileServer(answer(404, NOTHING))) {
      assertThrows(ModelFileException.class, () -> bench.downloads().fetch(file(server)));
      assertEquals(List.of("weights.h5"), bench.names());
    }
  }

  @Test
  void aPartOfWhichNobodyKnowsWhatItIsOfIsFetchedAnew() throws IOException {
    Files.createDirectories(bench.folder());
    Files.writeString(bench.folder().resolve(".weights.h5.download"), "\u0000\n damaged");
    Files.write(bench.folder().resolve("weights.h5.part"), new byte[10]);
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      Path fetched = bench.downloads().fetch(file(server));
      assertEquals(md5(WEIGHTS), Downloads.md5(fetched));
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void aLinkInThePlaceOfThePartIsNotFollowed() throws IOException {
    Files.createDirectories(bench.folder());
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "as it was");
    Files.createSymbolicLink(bench.folder().resolve("weights.h5.part"), elsewhere);
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      assertThrows(ModelFileException.class, () -> bench.downloads().fetch(file(server)));
      assertEquals("as it was", Files.readString(elsewhere));
    }
  }

  @Test
  void anotherFileIsRefusedByItsHash() throws IOException {
    try (FileServer server = new FileServer(bytes(OTHERS, TAG))) {
      assertEquals(
          "weights.h5 cannot be fetched: expected MD5 "
              + md5(WEIGHTS)
              + ", received 100000 bytes of MD5 "
              + md5(OTHERS)
              + bench.byHand(server),
          bench.failure(bench.downloads(), server));
      assertEquals(List.of(), bench.names());
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void aFileMayBeKnownByItsSha256() throws IOException {
    String hash = Hashing.sha256().hashBytes(WEIGHTS).toString();
    try (FileServer server = new FileServer(bytes(OTHERS, TAG), bytes(WEIGHTS, TAG))) {
      RemoteFile file = new RemoteFile(server.address(), "weights.h5", hash);
      ModelFileException e =
          assertThrows(ModelFileException.class, () -> bench.downloads().fetch(file));
      assertEquals(
          "weights.h5 cannot be fetched: expected SHA-256 %s, received 100000 bytes of SHA-256 %s; put the file from %s into %s (SHA-256 %s)"
              .formatted(
                  hash, Hashing.sha256().hashBytes(OTHERS), server.address(), bench.folder(), hash),
          e.getMessage());
      bench.assertFetched(bench.downloads().fetch(file));
      bench.assertFetched(bench.downloads().fetch(file));
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void aPageInsteadOfTheFileIsCalledAPage() throws IOException {
    byte[] page = "<html>Log in</html>".getBytes(StandardCharsets.UTF_8);
    try (FileServer server = new FileServer(answer(200, page, "Content-Type", "text/html"))) {
      assertEquals(
          "weights.h5 cannot be fetched: expected MD5 "
              + md5(WEIGHTS)
              + ", received 19 bytes of text/html of MD5 "
              + md5(page)
              + bench.byHand(server),
          bench.failure(bench.downloads(), server));
    }
  }

  @Test
  void anEmptyFileIsRefusedByItsHash() throws IOException {
    try (FileServer server = new FileServer(answer(200, NOTHING))) {
      assertTrue(
          bench
              .failure(bench.downloads(), server)
              .contains(", received 0 bytes of MD5 d41d8cd98f"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 410, 501})
  void whatTheServerRefusesIsNotAskedForAgain(int status) throws IOException {
    try (FileServer server = new FileServer(answer(status, NOTHING))) {
      assertEquals(
          "weights.h5 cannot be fetched: the server answered " + status + bench.byHand(server),
          bench.failure(bench.downloads(), server));
      assertEquals(1, server.requests().size());
      assertEquals(List.of(), bench.names());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aServerInTroubleIsAskedFourTimes(int status) throws IOException {
    try (FileServer server = new FileServer(answer(status, NOTHING))) {
      assertEquals(
          "weights.h5 cannot be fetched: the server answered "
              + status
              + " (4 attempts)"
              + bench.byHand(server),
          bench.failure(bench.downloads(), server));
      assertEquals(4, server.requests().size());
    }
    String reason = "the server answered " + status;
    assertEquals(
        List.of(reason + "; again in 1 ms", reason + "; again in 2 ms", reason + "; again in 4 ms"),
        bench.told());
  }

  @Test
  void aRedirectWithoutEndIsRefused() throws IOException {
    try (FileServer server = new FileServer(answer(302, NOTHING, "Location", "/weights.h5"))) {
      assertEquals(
          "weights.h5 cannot be fetched: the server answered 302 (/weights.h5)"
              + bench.byHand(server),
          bench.failure(bench.downloads(), server));
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws IOException {
    List<FileServer.Answer> later = new ArrayList<>();
    try (FileServer server = new FileServer(exchange -> later.get(0).to(exchange))) {
      later.add(server.silent());
      assertEquals(
          "weights.h5 cannot be fetched: no answer for 0.2 s (2 attempts)" + bench.byHand(server),
          bench.failure(bench.downloads().timeout(Duration.ofMillis(200)).attempts(2), server));
    }
  }

  @Test
  void aMachineWithoutANetworkIsToldWhatToPutWhere() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RemoteFile file = file("http://localhost:" + port + "/weights.h5");
    assertEquals(
        "weights.h5 cannot be fetched: no connection to localhost (4 attempts)"
            + bench.byHand(file.address()),
        bench.failure(bench.downloads(), file));
    Files.write(bench.folder().resolve("weights.h5"), WEIGHTS);
    bench.assertFetched(bench.downloads().fetch(file));
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() {
    RemoteFile file = file("http://weights.invalid/weights.h5");
    assertEquals(
        "weights.h5 cannot be fetched: no host weights.invalid is known"
            + bench.byHand(file.address()),
        bench.failure(bench.downloads().attempts(1), file));
  }

  @Test
  void anInterruptKeepsWhatHasCome() throws IOException {
    DownloadListener impatient =
        new DownloadListener() {
          @Override
          public void progressed(RemoteFile file, long received, long total) {
            if (received == 30_000) {
              Thread.currentThread().interrupt();
            }
          }
        };
    List<FileServer.Answer> later = new ArrayList<>();
    try (FileServer server =
        new FileServer(exchange -> later.get(0).to(exchange), bytes(WEIGHTS, TAG))) {
      later.add(server.stuck(WEIGHTS, TAG, 30_000));
      assertEquals(
          "weights.h5 cannot be fetched: interrupted; what has come is kept in " + bench.folder(),
          bench.failure(bench.downloads().listener(impatient), server));
      assertTrue(Thread.interrupted(), "the flag is not set");
      assertEquals(30_000, Files.size(bench.folder().resolve("weights.h5.part")));
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals("/weights.h5 Range: bytes=30000- If-Range: \"1\"", server.requests().get(1));
    }
  }

  @Test
  void anInterruptEndsTheWaitBetweenAttempts() throws IOException {
    DownloadListener impatient =
        new DownloadListener() {
          @Override
          public void retrying(RemoteFile file, String reason, Duration wait) {
            Thread.currentThread().interrupt();
          }
        };
    try (FileServer server = new FileServer(answer(500, NOTHING))) {
      Downloads patient = bench.downloads().firstWait(Duration.ofHours(1)).listener(impatient);
      assertEquals(
          "weights.h5 cannot be fetched: interrupted; what has come is kept in " + bench.folder(),
          bench.failure(patient, server));
      assertTrue(Thread.interrupted(), "the flag is not set");
    }
  }

  @Test
  void whatIsInTheWayIsNamed() throws IOException {
    Files.createDirectories(bench.folder().resolve("weights.h5"));
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      assertEquals(
          "weights.h5 cannot be written into "
              + bench.folder()
              + ": there is a folder of this name",
          bench.failure(bench.downloads(), server));
      Path place = Files.createFile(temporary.resolve("file"));
      assertEquals(
          "weights.h5 cannot be written into " + place + ": that is a file",
          bench.failure(Downloads.into(place), file(server)));
      assertEquals(List.of(), server.requests());
    }
  }

  @Test
  void aWrongVariableOfTheEnvironmentIsNamed() throws IOException {
    Map<String, String> environment = Map.of("http_proxy", "socks5://proxy:1080");
    Downloads downloads =
        bench.downloads().proxies(new EnvironmentProxies(environment, Optional.empty()));
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      assertEquals(
          "environment variable http_proxy: expected http://host:port, received"
              + " 'socks5://proxy:1080'",
          bench.failure(downloads, server));
    }
  }

  @Test
  void theHashOfAFileCanBeAskedFor() throws IOException {
    Path file = Files.write(temporary.resolve("file"), WEIGHTS);
    assertEquals(md5(WEIGHTS), Downloads.md5(file));
    Path none = temporary.resolve("none");
    assertEquals(
        none + ": expected a file, received nothing",
        assertThrows(ModelFileException.class, () -> Downloads.md5(none)).getMessage());
  }

  @Test
  void settingsAreChecked() {
    assertEquals(
        "downloads: expected a timeout of a millisecond or more, received PT0S",
        assertThrows(ModelFileException.class, () -> bench.downloads().timeout(Duration.ZERO))
            .getMessage());
    assertEquals(
        "downloads: expected one attempt or more, received 0",
        assertThrows(ModelFileException.class, () -> bench.downloads().attempts(0)).getMessage());
  }
}
