package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.savedmodel.DownloadBench.NOTHING;
import static dev.tfgraphs.savedmodel.DownloadBench.OTHERS;
import static dev.tfgraphs.savedmodel.DownloadBench.OTHER_TAG;
import static dev.tfgraphs.savedmodel.DownloadBench.TAG;
import static dev.tfgraphs.savedmodel.DownloadBench.WEIGHTS;
import static dev.tfgraphs.savedmodel.DownloadBench.file;
import static dev.tfgraphs.savedmodel.DownloadBench.md5;
import static dev.tfgraphs.savedmodel.FileServer.answer;
import static dev.tfgraphs.savedmodel.FileServer.broken;
import static dev.tfgraphs.savedmodel.FileServer.bytes;
import static dev.tfgraphs.savedmodel.FileServer.chunked;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers and networks do to a download that comes to a good end. */
class DownloadsTest {
  @TempDir Path temporary;
  private DownloadBench bench;

  @BeforeEach
  void nameFolder() {
    bench = new DownloadBench(temporary.resolve("keras").resolve("models"));
  }

  @Test
  void aFileIsFetchedOnce() throws IOException {
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(List.of("/weights.h5"), server.requests());
      assertEquals(List.of(), bench.told());
    }
  }

  @Test
  void aDamagedFileIsFetchedAgain() throws IOException {
    Files.createDirectories(bench.folder());
    Files.write(bench.folder().resolve("weights.h5"), OTHERS);
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
  }

  @Test
  void theListenerSeesHowMuchHasCome() throws IOException {
    List<Long> received = new ArrayList<>();
    List<Long> totals = new ArrayList<>();
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void progressed(RemoteFile file, long now, long total) {
            received.add(now);
            totals.add(total);
          }
        };
    try (FileServer server = new FileServer(broken(WEIGHTS, TAG, 40_000), bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().listener(listener).fetch(file(server)));
    }
    assertEquals(0, received.get(0));
    assertTrue(received.contains(40_000L));
    assertEquals(received.stream().sorted().toList(), received);
    assertEquals(100_000, received.get(received.size() - 1));
    assertEquals(List.of(100_000L), totals.stream().distinct().toList());
  }

  @Test
  void whatHasNoLengthIsFetchedToo() throws IOException {
    try (FileServer server = new FileServer(chunked(WEIGHTS))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
  }

  @Test
  void aBrokenDownloadGoesOnWhereItStopped() throws IOException {
    try (FileServer server =
        new FileServer(
            broken(WEIGHTS, TAG, 40_000), broken(WEIGHTS, TAG, 50_000), bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(
          List.of(
              "/weights.h5",
              "/weights.h5 Range: bytes=40000- If-Range: \"1\"",
              "/weights.h5 Range: bytes=90000- If-Range: \"1\""),
          server.requests());
    }
    assertEquals(
        List.of(
            "the connection broke after 40000 of 100000 bytes; again in 1 ms",
            "the connection broke after 90000 of 100000 bytes; again in 1 ms"),
        bench.told());
  }

  @Test
  void aLaterCallGoesOnWhereAnEarlierStopped() throws IOException {
    try (FileServer server = new FileServer(broken(WEIGHTS, TAG, 40_000), bytes(WEIGHTS, TAG))) {
      assertEquals(
          "weights.h5 cannot be fetched: the connection broke after 40000 of 100000 bytes"
              + bench.byHand(server),
          bench.failure(bench.downloads().attempts(1), server));
      assertEquals(List.of(".weights.h5.download", "weights.h5.part"), bench.names());
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals("/weights.h5 Range: bytes=40000- If-Range: \"1\"", server.requests().get(1));
    }
  }

  @Test
  void aServerThatKnowsNoRangesSendsEverythingAgain() throws IOException {
    try (FileServer server =
        new FileServer(broken(WEIGHTS, TAG, 40_000), answer(200, WEIGHTS, "ETag", TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
  }

  @Test
  void aFileThatChangesBetweenIsFetchedFromItsStart() throws IOException {
    try (FileServer server =
        new FileServer(broken(OTHERS, OTHER_TAG, 40_000), bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void aServerThatSendsTheRestOfAnotherFileIsNotTrusted() throws IOException {
    byte[] rest = Arrays.copyOfRange(WEIGHTS, 40_000, 100_000);
    FileServer.Answer careless =
        answer(206, rest, "ETag", TAG, "Content-Range", "bytes 40000-99999/100000");
    try (FileServer server =
        new FileServer(broken(OTHERS, OTHER_TAG, 40_000), careless, bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
    assertEquals("the file has changed on the server; again in 0 ms", bench.told().get(1));
  }

  @Test
  void theRestMayBeOfUnknownLength() throws IOException {
    byte[] rest = Arrays.copyOfRange(WEIGHTS, 40_000, 100_000);
    FileServer.Answer tail = answer(206, rest, "Content-Range", "bytes 40000-99999/*");
    try (FileServer server = new FileServer(broken(WEIGHTS, TAG, 40_000), tail)) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
  }

  @Test
  void aServerThatSendsOtherBytesThanAskedForIsNotTrusted() throws IOException {
    FileServer.Answer wrong =
        answer(206, WEIGHTS, "ETag", TAG, "Content-Range", "bytes 0-99999/100000");
    try (FileServer server =
        new FileServer(broken(WEIGHTS, TAG, 40_000), wrong, bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
    assertEquals(
        "expected bytes from 40000, received 'bytes 0-99999/100000'; again in 0 ms",
        bench.told().get(1));
  }

  /** A weak tag says as little as none. */
  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"1\""})
  void whatWasJoinedWithoutATagIsCheckedByItsHash(String tag) throws IOException {
    try (FileServer server = new FileServer(broken(OTHERS, tag, 40_000), bytes(WEIGHTS, tag))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(
          List.of("/weights.h5", "/weights.h5 Range: bytes=40000-", "/weights.h5"),
          server.requests());
    }
    byte[] joined = WEIGHTS.clone();
    System.arraycopy(OTHERS, 0, joined, 0, 40_000);
    assertEquals(
        "expected MD5 "
            + md5(WEIGHTS)
            + ", received 100000 bytes of MD5 "
            + md5(joined)
            + "; again in 0 ms",
        bench.told().get(1));
  }

  @Test
  void aPartThatIsWholeOnlyNeedsItsName() throws IOException {
    Files.createDirectories(bench.folder());
    Files.write(bench.folder().resolve("weights.h5.part"), WEIGHTS);
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(List.of("/weights.h5 Range: bytes=100000-"), server.requests());
    }
  }

  @Test
  void aPartThatIsTooLongIsFetchedAgain() throws IOException {
    Files.createDirectories(bench.folder());
    Files.write(bench.folder().resolve("weights.h5.part"), new byte[100_001]);
    try (FileServer server = new FileServer(bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(List.of("/weights.h5 Range: bytes=100001-", "/weights.h5"), server.requests());
    }
  }

  @Test
  void aServerSaysWhenToAskAgain() throws IOException {
    try (FileServer server =
        new FileServer(
            answer(503, NOTHING, "Retry-After", "0"),
            answer(503, NOTHING, "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),
            bytes(WEIGHTS, TAG))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
    }
    assertEquals(
        List.of("the server answered 503; again in 0 ms", "the server answered 503; again in 2 ms"),
        bench.told());
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    try (FileServer mirror = new FileServer(bytes(WEIGHTS, TAG));
        FileServer server =
            new FileServer(
                answer(302, NOTHING, "Location", "/there"),
                answer(301, NOTHING, "Location", mirror.address()))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals(List.of("/weights.h5", "/there"), server.requests());
    }
  }

  @Test
  void theRestIsAskedForBehindARedirectToo() throws IOException {
    try (FileServer mirror = new FileServer(broken(WEIGHTS, TAG, 40_000), bytes(WEIGHTS, TAG));
        FileServer server = new FileServer(answer(307, NOTHING, "Location", mirror.address()))) {
      bench.assertFetched(bench.downloads().fetch(file(server)));
      assertEquals("/weights.h5 Range: bytes=40000- If-Range: \"1\"", mirror.requests().get(1));
    }
  }

  @Test
  void aDownloadThatStopsIsBegunAgainWhereItStopped() throws IOException {
    List<FileServer.Answer> later = new ArrayList<>();
    try (FileServer server =
        new FileServer(exchange -> later.get(0).to(exchange), bytes(WEIGHTS, TAG))) {
      later.add(server.stuck(WEIGHTS, TAG, 30_000));
      bench.assertFetched(bench.downloads().timeout(Duration.ofSeconds(2)).fetch(file(server)));
      assertEquals("/weights.h5 Range: bytes=30000- If-Range: \"1\"", server.requests().get(1));
    }
    assertEquals(
        List.of("nothing came for 2 s after 30000 of 100000 bytes; again in 1 ms"), bench.told());
  }

  @Test
  void aProxyIsAskedInstead() throws IOException {
    try (FileServer proxy = new FileServer(bytes(WEIGHTS, TAG))) {
      Map<String, String> environment = Map.of("http_proxy", "http://localhost:" + proxy.port());
      RemoteFile file = file("http://weights.invalid/weights.h5");
      bench.assertFetched(
          bench
              .downloads()
              .proxies(new EnvironmentProxies(environment, Optional.empty()))
              .fetch(file));
      assertEquals(List.of("http://weights.invalid/weights.h5"), proxy.requests());
    }
  }
}
