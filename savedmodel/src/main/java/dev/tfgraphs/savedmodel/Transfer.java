package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request for a file, or for what is missing of it, and what becomes of the answer. */
final class Transfer {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18}|\\*)");
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Why there is no file: in words, whether to ask again, and if the server says so, when. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final boolean passing;
    private final transient Optional<Duration> wait;

    private Failure(
        String reason, boolean passing, Optional<Duration> wait, @Nullable Throwable cause) {
      super(reason, cause);
      this.reason = reason;
      this.passing = passing;
      this.wait = wait;
    }

    String reason() {
      return reason;
    }

    boolean passing() {
      return passing;
    }

    Optional<Duration> waitAsked() {
      return wait;
    }
  }

  private final RemoteFile file;
  private final PartFile part;
  private final HttpClient client;
  private final Duration timeout;
  private final DownloadListener listener;

  Transfer(
      RemoteFile file,
      PartFile part,
      HttpClient client,
      Duration timeout,
      DownloadListener listener) {
    this.file = file;
    this.part = part;
    this.client = client;
    this.timeout = timeout;
    this.listener = listener;
  }

  /**
   * Fetches what is missing and checks the whole.
   *
   * @throws IOException if the part cannot be written
   */
  void run() throws IOException, InterruptedException, Failure {
    long before = part.size();
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer = ask(before);
    try (Chunks chunks = new Chunks(answer.body())) {
      switch (answer.statusCode()) {
        case 200 -> {
          part.restart(tag(answer));
          receive(chunks, length(answer));
          check(answer, 0);
        }
        case 206 -> {
          receive(chunks, totalBehind(before, answer));
          check(answer, before);
        }
        case 416 -> check(answer, before); // nothing is missing, or the part is of another file
        default -> throw refused(answer);
      }
    }
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> ask(long before)
      throws IOException, InterruptedException, Failure {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(file.uri()).timeout(timeout).header("Accept-Encoding", "identity");
    if (before > 0) {
      request.header("Range", "bytes=" + before + "-");
      if (!part.tag().isEmpty()) {
        request.header("If-Range", part.tag());
      }
    }
    try {
      return client.send(request.build(), BodyHandlers.ofPublisher());
    } catch (IOException e) {
      throw new Failure(noAnswer(e), true, Optional.empty(), e);
    }
  }

  private String noAnswer(IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "no answer for " + seconds(timeout);
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "no host " + file.uri().getHost() + " is known";
      }
    }
    return failure instanceof ConnectException
        ? "no connection to " + file.uri().getHost()
        : "no answer (" + ModelFileException.reason(failure) + ")";
  }

  static String seconds(Duration time) {
    double seconds = time.toMillis() / 1000.0;
    return (seconds == Math.rint(seconds) ? Long.toString((long) seconds) : seconds) + " s";
  }

  /** Only a strong tag says that bytes are the same; a weak one is as good as none. */
  private static String tag(HttpResponse<?> answer) {
    return answer.headers().firstValue("ETag").filter(tag -> tag.startsWith("\"")).orElse("");
  }

  private static long length(HttpResponse<?> answer) {
    return answer.headers().firstValueAsLong("Content-Length").orElse(-1);
  }

  private long totalBehind(long before, HttpResponse<?> answer) throws IOException, Failure {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    Matcher matcher = RANGE.matcher(range);
    boolean same = tag(answer).isEmpty() || part.tag().isEmpty() || tag(answer).equals(part.tag());
    if (!same || !matcher.matches() || !matcher.group(1).equals(Long.toString(before))) {
      part.restart("");
      String reason =
          same
              ? "expected bytes from " + before + ", received '" + range + "'"
              : "the file has changed on the server";
      throw new Failure(reason, true, Optional.of(Duration.ZERO), null);
    }
    return matcher.group(2).equals("*") ? -1 : Long.parseLong(matcher.group(2));
  }

  private void receive(Chunks chunks, long total)
      throws IOException, InterruptedException, Failure {
    listener.progressed(file, part.size(), total);
    for (var piece = next(chunks, total); piece.isPresent(); piece = next(chunks, total)) {
      part.append(piece.get());
      listener.progressed(file, part.size(), total);
    }
  }

  private Optional<List<ByteBuffer>> next(Chunks chunks, long total)
      throws IOException, InterruptedException, Failure {
    try {
      return chunks.next(timeout);
    } catch (IOException e) {
      String some = part.size() + (total < 0 ? " bytes" : " of " + total + " bytes");
      String reason =
          e instanceof HttpTimeoutException
              ? "nothing came for " + seconds(timeout) + " after " + some
              : "the connection broke after " + some;
      throw new Failure(reason, true, Optional.empty(), e);
    }
  }

  /** Throws unless the part is the file; what is not goes. */
  private void check(HttpResponse<?> answer, long before) throws IOException, Failure {
    String found = file.kind().of(part.path());
    if (found.equals(file.hash())) {
      return;
    }
    String type = answer.headers().firstValue("Content-Type").map(name -> " of " + name).orElse("");
    String what = part.size() + " bytes" + type + " of " + file.kind() + " " + found;
    part.restart("");
    // what was joined may be of two files, and what had no length may be cut short
    boolean passing = before > 0 || length(answer) < 0;
    String reason = "expected " + file.kind() + " " + file.hash() + ", received " + what;
    Optional<Duration> wait = before > 0 ? Optional.of(Duration.ZERO) : Optional.empty();
    throw new Failure(reason, passing, wait, null);
  }

  private static Failure refused(HttpResponse<?> answer) {
    Optional<Duration> wait =
        answer
            .headers()
            .firstValue("Retry-After")
            .filter(text -> text.matches("\\d{1,9}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .map(asked -> asked.compareTo(LONGEST_WAIT) < 0 ? asked : LONGEST_WAIT);
    return new Failure(
        "the server answered " + answer.statusCode() + where(answer),
        PASSING.contains(answer.statusCode()),
        wait,
        null);
  }

  /** Where a redirect goes that is not followed, as from https to http. */
  private static String where(HttpResponse<?> answer) {
    return answer.headers().firstValue("Location").map(place -> " (" + place + ")").orElse("");
  }
}
