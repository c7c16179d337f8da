package dev.tfgraphs.graphs.data;

import java.util.Optional;

/**
 * The batches of a dataset, pass after pass; owns the graph, session and thread that make them. Not
 * safe for use by several threads.
 */
public interface Batches extends AutoCloseable {

  /**
   * Starts a pass over the data from its first batch, even if the pass before has not ended.
   *
   * @param epoch the number of the pass, from 0; the order depends on the seed and on it only
   */
  void begin(int epoch);

  /**
   * {@return the next batch, which the caller closes; empty at the end of the pass} The last batch
   * may be smaller than the others. After a failure there is no batch to close, and another pass
   * may be begun.
   *
   * @throws dev.tfgraphs.graphs.GraphException if the batch cannot be made, or no pass was begun
   */
  Optional<Batch> next();

  /**
   * {@return the batches of pass {@code epoch}, to iterate over once: each is closed when the next
   * is taken, the last at the end of the pass}
   */
  default Iterable<Batch> pass(int epoch) {
    begin(epoch);
    return () -> new ClosingIterator(this);
  }

  /** {@return how many batches a pass has; -1 if unknown} */
  long steps();

  /** Frees everything but the batches handed out; more than once does nothing. */
  @Override
  void close();
}
