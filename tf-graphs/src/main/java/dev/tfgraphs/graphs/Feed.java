package dev.tfgraphs.graphs;

import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts passes over data into epochs. Without a number of steps an epoch is a pass; with one, epochs
 * go on in a pass where the one before has ended, and over its end where the data are endless
 * (keras/src/trainers/epoch_iterator.py).
 */
final class Feed implements AutoCloseable {
  /** A place in the data: {@code taken} batches into pass {@code pass}. */
  record Place(int pass, int taken) {
    /** Where data begin. */
    static final Place FIRST = new Place(0, 0);
  }

  /** How data are read: so many samples a batch where they do not say, in which order. */
  record Reading(OptionalInt batchSize, OptionalInt stepsPerEpoch, boolean shuffle, long seed) {}

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private final String call;
  private final boolean endless;
  private final Batches batches;
  private final OptionalInt stepsPerEpoch;
  private Place place;
  private boolean inPass;
  private int step;

  /** The batches of {@code data}, which {@link #close} frees. */
  Feed(String call, Dataset data, Reading reading) {
    this.call = call;
    this.endless = data.endless();
    this.stepsPerEpoch = reading.stepsPerEpoch;
    this.place = Place.FIRST;
    this.batches = data.open(batchSize(data, reading), reading.shuffle, reading.seed);
  }

  /** As Keras has it, who gives steps but no batch size goes through all samples in these steps. */
  static int batchSize(Dataset data, Reading reading) {
    if (data.batchSize().isPresent() || reading.batchSize.isPresent()) {
      return data.batchSize().orElseGet(reading.batchSize::getAsInt);
    }
    if (reading.stepsPerEpoch.isEmpty() || data.samples() <= 0) {
      return Trainer.BATCH_SIZE;
    }
    int steps = reading.stepsPerEpoch.getAsInt();
    return Math.toIntExact((data.samples() + steps - 1) / steps);
  }

  /** How data are read, in words: {@code 18 samples, 5 a batch, shuffled}. */
  static String described(Dataset data, Reading reading) {
    List<String> words = new ArrayList<>();
    words.add(
        data.endless() || data.samples() < 0
            ? "samples that nobody counts"
            : data.samples() + " samples");
    words.add(batchSize(data, reading) + " a batch");
    reading.stepsPerEpoch.ifPresent(steps -> words.add(steps + " steps an epoch"));
    words.add(reading.shuffle ? "shuffled" : "in order");
    return String.join(", ", words);
  }

  static void checkSteps(String call, int steps) {
    if (steps <= 0) {
      throw new GraphException(call + ": expected positive steps, received " + steps);
    }
  }

  /**
   * Fails if nobody said how many steps are taken of endless data.
   *
   * @param setting what would say it
   */
  static void checkEnds(String call, Dataset data, OptionalInt steps, String setting) {
    if (data.endless() && steps.isEmpty()) {
      throw new GraphException(
          "%s: expected a number of steps for endless data, received none; %s says it"
              .formatted(call, setting));
    }
  }

  /** Goes to a place from which the next epoch, or the rest of one, is to go on. */
  void seek(Place start) {
    place = start;
    inPass = false;
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
            "%s: expected %d batches before the place to go on from, received %d"
                .formatted(call, count, i));
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
    if (batch.isEmpty() && goesOn()) {
      endPass();
      batches.begin(place.pass);
      inPass = true;
      batch = batches.next();
    }
    if (batch.isPresent()) {
      step++;
      place = new Place(place.pass, place.taken + 1);
      if (place.taken == batches.steps() && stepsPerEpoch.isPresent()) {
        endPass();
      }
    } else {
      endPass();
      warn();
    }
    return batch;
  }

  /**
   * Whether what follows a pass belongs to the epoch: no epoch is empty because a pass was full.
   */
  private boolean goesOn() {
    return stepsPerEpoch.isPresent() && (endless || (step == 0 && place.taken > 0));
  }

  private void warn() {
    if (stepsPerEpoch.isPresent()) {
      LOG.warn(
          "{}: expected {} steps, received data for {}; repeat() makes data endless",
          call,
          stepsPerEpoch.getAsInt(),
          step);
    }
  }

  /** How many batches the epoch has had. */
  int step() {
    return step;
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

  @Override
  public void close() {
    batches.close();
  }
}
