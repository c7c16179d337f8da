package dev.tfgraphs.graphs.data;

import com.google.common.collect.AbstractIterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes through the batches of a pass and closes each when it is done with. */
final class ClosingIterator extends AbstractIterator<Batch> {
  private final Batches batches;
  private @Nullable Batch last;

  ClosingIterator(Batches batches) {
    this.batches = batches;
  }

  @Override
  protected @Nullable Batch computeNext() {
    if (last != null) {
      last.close();
    }
    Optional<Batch> next = batches.next();
    last = next.orElse(null);
    return last == null ? endOfData() : last;
  }
}
