package dev.tfgraphs.graphs;

import com.google.common.hash.HashCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where is kept what frozen layers have made of samples, so that training what stands behind them
 * does not run them in every epoch; see {@link FitOptions#features}. A sample is known by its
 * numbers as they enter the model, and the layers by their settings and weights: whatever of it
 * changes is made anew.
 */
public final class FeatureCache {
  /** Features of samples, as the frozen part that has a key makes them. */
  interface Store extends AutoCloseable {
    /** The features of a sample, if they are known. */
    Optional<byte[]> get(HashCode sample);

    /** Keeps features, as many bytes as those of any other sample. */
    void put(HashCode sample, byte[] features) throws IOException;

    @Override
    void close() throws IOException;
  }

  private final @Nullable Path folder;
  private final Map<HashCode, Map<HashCode, byte[]>> memory = new HashMap<>();

  private FeatureCache(@Nullable Path folder) {
    this.folder = folder;
  }

  /** {@return a cache that lasts as long as this object, for one fit or several, one at a time} */
  public static FeatureCache memory() {
    return new FeatureCache(null);
  }

  /**
   * {@return a cache in files of {@code folder}, one for each frozen part; the folder is made when
   * there is something to keep} A file may be deleted at any time. One fit at a time uses it.
   */
  public static FeatureCache in(Path folder) {
    return new FeatureCache(folder);
  }

  /** Opens what is kept for a frozen part that makes so many bytes of a sample. */
  Store open(HashCode part, int bytes) throws IOException {
    if (folder != null) {
      return FeatureFile.open(folder.resolve(part + ".features"), bytes);
    }
    Map<HashCode, byte[]> kept = memory.computeIfAbsent(part, key -> new HashMap<>());
    return new Store() {
      @Override
      public Optional<byte[]> get(HashCode sample) {
        return Optional.ofNullable(kept.get(sample));
      }

      @Override
      public void put(HashCode sample, byte[] features) {
        kept.put(sample, features);
      }

      @Override
      public void close() {}
    };
  }
}
