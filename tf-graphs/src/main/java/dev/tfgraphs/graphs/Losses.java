package dev.tfgraphs.graphs;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Output;

/** Losses as ops, in Keras's order of float32 operations (keras/src/losses). */
final class Losses {
  /**
   * What a loss says of a batch.
   *
   * @param mask 1 where a value counts and 0 where it does not, float32 and shaped as the values
   * @param samples whether the first axis is the batch; otherwise the values are of it as a whole
   */
  record Values(Output<?> values, Optional<Output<?>> mask, boolean samples) {
    static Values of(Output<?> values) {
      return new Values(values, Optional.empty(), Arithmetic.rank(values) > 0);
    }
  }

  private final Emitter e;
  private final Arithmetic m;

  Losses(Emitter e) {
    this.e = e;
    this.m = new Arithmetic(e);
  }

  /** The loss of a batch: one number, unless its reduction is none. */
  Output<?> of(Loss loss, Outcome outcome) {
    Reduction reduction =
        loss instanceof Loss.Reduced reduced ? reduced.reduction() : Reduction.SUM_OVER_BATCH_SIZE;
    Values values = values(loss, outcome);
    if (!values.samples()) {
      return whole(values.values(), outcome, reduction);
    }
    Optional<Output<?>> weights = weights(values, outcome, reduction);
    Output<?> weighted =
        weights.isPresent() ? m.mul(values.values(), weights.get()) : values.values();
    return reduced(weighted, weights, reduction);
  }

  /**
   * As in Keras, one number for the batch becomes as many as there are weights, which a sum shows.
   * Of several, which are not of samples, weights can only scale all.
   */
  private Output<?> whole(Output<?> values, Outcome outcome, Reduction reduction) {
    boolean one = Arithmetic.rank(values) == 0;
    if (outcome.given().isEmpty()) {
      return one ? values : reduced(values, Optional.empty(), reduction);
    }
    Output<?> given = outcome.given().get();
    if (one) {
      return reduced(m.mul(values, given), outcome.given(), reduction);
    }
    Output<?> scaled =
        reduction == Reduction.MEAN_WITH_SAMPLE_WEIGHT
            ? values
            : m.mul(values, e.reduceAll("Mean", given));
    return reduced(scaled, Optional.empty(), reduction);
  }

  private Optional<Output<?>> weights(Values values, Outcome outcome, Reduction reduction) {
    Optional<Output<?>> given = outcome.weightsOn(e, values.values());
    if (values.mask().isEmpty()) {
      return given;
    }
    Output<?> mask = values.mask().get();
    boolean mean = reduction == Reduction.SUM_OVER_BATCH_SIZE || reduction == Reduction.MEAN;
    // the mean will divide by the number of all values, and is to be over those that count
    Output<?> counting = mean ? m.mul(mask, m.divNoNan(m.size(mask), m.total(mask))) : mask;
    return Optional.of(given.isPresent() ? m.mul(given.get(), counting) : counting);
  }

  private Output<?> reduced(Output<?> weighted, Optional<Output<?>> weights, Reduction reduction) {
    if (reduction == Reduction.NONE) {
      return weighted;
    }
    Output<?> sum = m.total(weighted);
    if (reduction == Reduction.SUM) {
      return sum;
    }
    boolean byWeight = reduction == Reduction.MEAN_WITH_SAMPLE_WEIGHT && weights.isPresent();
    return byWeight
        ? m.divNoNan(sum, m.total(m.apply("BroadcastTo", weights.get(), e.shape(weighted))))
        : m.divNoNan(sum, m.size(weighted));
  }

  /** The loss of each sample, of each of its places, or of the whole batch; unweighted. */
  Values values(Loss loss, Outcome outcome) {
    Output<?> t = outcome.target();
    Output<?> y = outcome.prediction();
    if (loss instanceof Loss.Reduced reduced) {
      return values(reduced.loss(), outcome);
    }
    if (loss instanceof Crossentropy crossentropy) {
      return new Crossentropies(e).values(crossentropy, outcome);
    }
    if (loss instanceof Loss.CTC) {
      return Values.of(new Alignments(e).loss(t, y));
    }
    if (loss instanceof Loss.Circle circle) {
      return new Pairs(e).circle(circle, t, y);
    }
    if (loss instanceof PlainLoss plain) {
      return Values.of(plain.values(m, t, y));
    }
    if (loss instanceof Loss.Huber huber) {
      return Values.of(huber(huber.delta(), t, y));
    }
    if (loss instanceof Loss.CosineSimilarity cosine) {
      return Values.of(m.neg(cosine(cosine.axis(), t, y)));
    }
    if (loss instanceof Loss.Dice dice) {
      return overlap(dice(t, y, axes("dice", y, dice.axes())), dice.axes(), y);
    }
    if (loss instanceof Loss.Tversky tversky) {
      return overlap(tversky(tversky, t, y), tversky.axes(), y);
    }
    Loss.Own own = (Loss.Own) loss;
    return Values.of(OwnFunction.apply(e, "loss", own.name(), own.function(), outcome));
  }

  private Output<?> huber(double delta, Output<?> t, Output<?> y) {
    Output<?> error = m.sub(y, t);
    Output<?> size = m.abs(error);
    Output<?> half = m.scalar(0.5);
    Output<?> near = m.mul(half, m.square(error));
    Output<?> edge = m.mul(half, m.square(m.scalar(delta)));
    Output<?> far = m.sub(m.mul(m.scalar(delta), size), edge);
    return m.mean(m.where(m.apply("LessEqual", size, m.scalar(delta)), near, far));
  }

  /** The cosine between target and prediction; also the metric of that name. */
  Output<?> cosine(int wanted, Output<?> t, Output<?> y) {
    int axis = axis("cosine similarity", Arithmetic.rank(y), wanted);
    if (axis == 0) {
      throw new GraphException(
          "cosine similarity: expected an axis behind the batch, received " + wanted);
    }
    return e.reduce("Sum", m.mul(m.normalized(t, axis), m.normalized(y, axis)), false, axis);
  }

  private Output<?> dice(Output<?> t, Output<?> y, int[] axes) {
    Output<?> common = m.mul(sum(m.mul(t, y), axes), 2);
    Output<?> all = m.add(m.add(sum(t, axes), sum(y, axes)), Arithmetic.EPSILON);
    return m.oneMinus(m.div(common, all));
  }

  private Output<?> tversky(Loss.Tversky loss, Output<?> t, Output<?> y) {
    int[] axes = axes("tversky", y, loss.axes());
    Output<?> common = sum(m.mul(t, y), axes);
    Output<?> missed = m.mul(sum(m.mul(m.oneMinus(y), t), axes), loss.alpha());
    Output<?> tooMuch = m.mul(sum(m.mul(y, m.oneMinus(t)), axes), loss.beta());
    Output<?> all = m.add(m.add(m.add(common, missed), tooMuch), Arithmetic.EPSILON);
    return m.oneMinus(m.div(common, all));
  }

  private Output<?> sum(Output<?> x, int[] axes) {
    return e.reduce("Sum", x, false, axes);
  }

  private static Values overlap(Output<?> values, List<Integer> axes, Output<?> y) {
    boolean whole = axes.isEmpty() || axes.contains(0) || axes.contains(-Arithmetic.rank(y));
    return new Values(values, Optional.empty(), !whole);
  }

  private static int[] axes(String what, Output<?> x, List<Integer> wanted) {
    int rank = Arithmetic.rank(x);
    return wanted.isEmpty()
        ? IntStream.range(0, rank).toArray()
        : wanted.stream().mapToInt(axis -> axis(what, rank, axis)).toArray();
  }

  static int axis(String what, int rank, int wanted) {
    if (wanted < -rank || wanted >= rank) {
      throw new GraphException(
          "%s: expected an axis from %d to %d, received %d"
              .formatted(what, -rank, rank - 1, wanted));
    }
    return Math.floorMod(wanted, rank);
  }
}
