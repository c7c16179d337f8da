package dev.tfgraphs.graphs.data;

import java.util.Optional;

/** Makes one pass of several of other batches'. */
final class Repeating implements Batches {

  private final Batches source;
  private final int count;
  private int pass;
  private int left;

  private Repeating(Batches source, int count) {
    this.source = source;
    this.count = count;
  }

  /** {@return {@code count} passes of {@code source} as one; from now on its owner} */
  static Batches of(Batches source, int count) {
    return count == 1 ? source : new Repeating(source, count);
  }

  @Override
  public void begin(int epoch) {
    pass = Math.multiplyExact(epoch, count);
    left = count;
    source.begin(pass);
  }

  @Override
  public Optional<Batch> next() {
    Optional<Batch> next = source.next();
    while (next.isEmpty() && left > 1) {
      left--;
      source.begin(++pass);
      next = source.next();
    }
    return next;
  }

  @Override
  public long steps() {
    return source.steps() < 0 ? source.steps() : source.steps() * count;
  }

  @Override
  public void close() {
    source.close();
  }
}
