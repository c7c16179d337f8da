package dev.tfgraphs.savedmodel;

import com.google.errorprone.annotations.CheckReturnValue;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Fetches files into a folder, once: what is there with the right hash is used as it is, what is
 * damaged is fetched again.
 *
 * <p>A download that breaks goes on where it stopped, within a call and in a later one: what has
 * come stays in {@code name.part}. A file gets its name when it is whole and its hash is right. Of
 * several that fetch the same file, threads or processes, one does and the others wait. Java's
 * proxies are used, or those of the environment variables {@code http_proxy}, {@code https_proxy}
 * and {@code no_proxy}; redirects are followed, but not from https to http.
 */
@CheckReturnValue
public final class Downloads implements Cloneable {
  private static final int MOST_DOUBLINGS = 6;

  private final Path folder;
  private DownloadListener listener = new DownloadListener() {};
  private Duration timeout = Duration.ofSeconds(30);
  private int attempts = 4;
  private Duration firstWait = Duration.ofSeconds(1);
  private EnvironmentProxies proxies = EnvironmentProxies.ofProcess();

  private Downloads(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return downloads into the folder where Keras keeps models, so that each uses what the other
   * has fetched: {@code models} in {@code KERAS_HOME}, by default {@code ~/.keras}}
   */
  public static Downloads ofKeras() {
    return into(KerasCache.ofProcess().models());
  }

  /** {@return downloads into a folder, which is made where it is missing} */
  public static Downloads into(Path folder) {
    return new Downloads(folder);
  }

  /** {@return where files are fetched to} */
  public Path folder() {
    return folder;
  }

  /** {@return these downloads, of which {@code listener} is told; by default nobody is} */
  public Downloads listener(DownloadListener listener) {
    return copy(copy -> copy.listener = listener);
  }

  /**
   * {@return these downloads, which wait so long for a connection, an answer and each of its bytes;
   * by default 30 seconds}
   *
   * @throws ModelFileException if that is less than a millisecond
   */
  public Downloads timeout(Duration timeout) {
    require(timeout.toMillis() > 0, "a timeout of a millisecond or more", timeout);
    return copy(copy -> copy.timeout = timeout);
  }

  /**
   * {@return these downloads, which give up after so many attempts without a new byte, between
   * which the wait doubles from a second; by default 4}
   *
   * @throws ModelFileException if there is none
   */
  public Downloads attempts(int attempts) {
    require(attempts > 0, "one attempt or more", attempts);
    return copy(copy -> copy.attempts = attempts);
  }

  Downloads firstWait(Duration wait) {
    return copy(copy -> copy.firstWait = wait);
  }

  Downloads proxies(EnvironmentProxies proxies) {
    return copy(copy -> copy.proxies = proxies);
  }

  private static void require(boolean holds, String expected, Object received) {
    if (!holds) {
      throw new ModelFileException("downloads: expected " + expected + ", received " + received);
    }
  }

  private Downloads copy(Consumer<Downloads> change) {
    try {
      Downloads copy = (Downloads) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * {@return where the file is, fetched if it was not there}
   *
   * @throws ModelFileException if it cannot be fetched or written, or if the thread is interrupted,
   *     whose flag is then set; the message says what to put where by hand
   */
  public Path fetch(RemoteFile file) {
    Path target = folder.resolve(file.name());
    try {
      if (!isThere(file, target)) {
        requireSpace(file, target);
        fetchTo(target, file);
      }
      return target;
    } catch (InterruptedException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw new ModelFileException(
          file.name() + " cannot be fetched: interrupted; what has come is kept in " + folder, e);
    } catch (IOException e) {
      throw new ModelFileException(
          file.name() + " cannot be written into " + folder + ": " + ModelFileException.reason(e),
          e);
    }
  }

  /**
   * {@return the MD5 of a file in hexadecimal digits, by which published files are known}
   *
   * @throws ModelFileException if it cannot be read
   */
  public static String md5(Path file) {
    try {
      return FileHash.MD5.of(file);
    } catch (IOException e) {
      throw new ModelFileException(
          file + ": " + ModelFileException.because(file, "cannot be read", e), e);
    }
  }

  private static boolean isThere(RemoteFile file, Path target) throws IOException {
    return Files.isRegularFile(target) && file.kind().of(target).equals(file.hash());
  }

  private void requireSpace(RemoteFile file, Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new ModelFileException(
          file.name() + " cannot be written into " + folder + ": there is a folder of this name");
    }
    if (Files.isRegularFile(folder)) {
      throw new ModelFileException(
          file.name() + " cannot be written into " + folder + ": that is a file");
    }
    if (!Files.isDirectory(folder)) { // it may be a link, which createDirectories takes for a file
      Files.createDirectories(folder);
    }
  }

  private void fetchTo(Path target, RemoteFile file) throws IOException, InterruptedException {
    try (PartFile part = PartFile.of(folder, file.name(), () -> listener.waiting(file))) {
      if (!isThere(file, target)) { // whoever was waited for may have fetched it
        repeat(file, new Transfer(file, part, client(), timeout, listener), part);
        part.finish();
      }
    }
  }

  private HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(timeout)
        .proxy(proxies)
        .build();
  }

  private void repeat(RemoteFile file, Transfer transfer, PartFile part)
      throws IOException, InterruptedException {
    int failures = 0;
    long most = part.size(); // a server that has the file begin anew makes no progress
    while (true) {
      try {
        transfer.run();
        return;
      } catch (Transfer.Failure e) {
        failures = part.size() > most ? 1 : failures + 1;
        most = Math.max(most, part.size());
        if (!e.passing() || failures == attempts) {
          throw failed(file, e, failures);
        }
        Duration wait = e.waitAsked().orElse(waitAfter(failures));
        listener.retrying(file, e.reason(), wait);
        Thread.sleep(wait.toMillis());
      }
    }
  }

  private Duration waitAfter(int failures) {
    return firstWait.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
  }

  /** In one line, also for a machine that has no network. */
  private ModelFileException failed(RemoteFile file, Transfer.Failure failure, int failures) {
    return new ModelFileException(
        file.name()
            + " cannot be fetched: "
            + failure.reason()
            + (failures == 1 ? "" : " (" + failures + " attempts)")
            + "; put the file from "
            + file.address()
            + " into "
            + folder
            + " ("
            + file.kind()
            + " "
            + file.hash()
            + ")",
        failure);
  }
}
