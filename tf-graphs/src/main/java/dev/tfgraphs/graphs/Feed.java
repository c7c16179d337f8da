package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Cuts passes over data into epochs. Without a number of steps an epoch is a pass; with one, epochs
 * go on in a pass where the one before has ended (keras/src/trainers/epoch_iterator.py).
 */
final class Feed {
  /** A place in the data: {@code taken} batches into pass {@code pass}. */
  record Place(int pass, int taken) {}

  private final Batches batches;
  private final OptionalInt stepsPerEpoch;
  private Place place;
  private boolean inPass;
  private int step;
  private boolean ranOut;

  Feed(Batches batches, OptionalInt stepsPerEpoch, Place start) {
    this.batches = batches;
    this.stepsPerEpoch = stepsPerEpoch;
    this.place = start;
    if (start.taken > 0) {
      skip(start.taken);
    }
  }

  private void skip(int count) {
    batches.begin(place.pass);
    inPass = true;
    for (int i = 0; i < count; i++) {
      if (batches.next().map(Feed::closed).isEmpty()) {
        throw new GraphException(
            "fit: expected %d batches before the place to go on from, received %d"
                .formatted(count, i));
      }
    }
  }

  private static boolean closed(Batch batch) {
    batch.close();
    return true;
  }

  /** Begins an epoch; {@code step} of its steps were done before. */
  void begin(int done) {
    step = done;
    ranOut = false;
    if (stepsPerEpoch.isEmpty() && done == 0) {
      endPass();
    }
    if (!inPass) {
      batches.begin(place.pass);
      inPass = true;
    }
  }

  /** The next batch of the epoch, which the caller closes; empty at the epoch's end. */
  Optional<Batch> next() {
    if (stepsPerEpoch.isPresent() && step >= stepsPerEpoch.getAsInt()) {
      return Optional.empty();
    }
    Optional<Batch> batch = batches.next();
    if (batch.isPresent()) {
      step++;
      place = new Place(place.pass, place.taken + 1);
      if (place.taken == batches.steps() && stepsPerEpoch.isPresent()) {
        endPass();
      }
    } else {
      ranOut = stepsPerEpoch.isPresent();
      endPass();
    }
    return batch;
  }

  /** Whether the data ended before the epoch had its steps. */
  boolean ranOut() {
    return ranOut;
  }

  /** Where the next batch comes from. */
  Place place() {
    return place;
  }

  /** The first pass of which nothing was taken. */
  int nextPass() {
    return place.taken == 0 ? place.pass : place.pass + 1;
  }

  /** How many steps an epoch has; -1 if unknown. */
  long steps() {
    return stepsPerEpoch.isPresent() ? stepsPerEpoch.getAsInt() : batches.steps();
  }

  private void endPass() {
    if (place.taken > 0) {
      place = new Place(place.pass + 1, 0);
    }
    inPass = false;
  }
}
