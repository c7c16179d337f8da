package dev.tfgraphs.examples.serving;

import java.time.Duration;

/**
 * How much a server takes.
 *
 * @param requestBytes the largest body of a request
 * @param waiting how many requests wait for the model
 * @param rows how many samples of several requests are predicted together
 * @param patience how long a request waits for others to come
 */
public record Limits(long requestBytes, int waiting, int rows, Duration patience) {
  /** {@return 64 MiB, 64 requests, 32 samples and a millisecond} */
  public static Limits defaults() {
    return new Limits(64L << 20, 64, 32, Duration.ofMillis(1));
  }
}
