package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.ActivationFunction;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/**
 * Cross-entropies as ops, in Keras's order of float32 operations (keras/src/losses/losses.py,
 * keras/src/backend/tensorflow/nn.py).
 */
final class Crossentropies {
  private final Emitter e;
  private final Arithmetic m;

  Crossentropies(Emitter e) {
    this.e = e;
    this.m = new Arithmetic(e);
  }

  Losses.Values values(Crossentropy loss, Outcome outcome) {
    if (loss instanceof Crossentropy.SparseCategorical sparse) {
      return sparse.ignoreClass().isPresent()
          ? masked(sparse, sparse.ignoreClass().getAsInt(), outcome)
          : Losses.Values.of(sparse(sparse, outcome));
    }
    Output<?> target = outcome.target();
    if (loss instanceof Crossentropy.CategoricalGeneralized generalized) {
      return Losses.Values.of(generalized(generalized.q(), outcome.prediction(), target));
    }
    if (loss instanceof Crossentropy.Categorical categorical) {
      return Losses.Values.of(
          categorical(categorical, outcome, bySoftmax(target, categorical.labelSmoothing())));
    }
    if (loss instanceof Crossentropy.CategoricalFocal focal) {
      return Losses.Values.of(
          focal(focal, outcome.prediction(), bySoftmax(target, focal.labelSmoothing())));
    }
    if (loss instanceof Crossentropy.BinaryFocal focal) {
      return Losses.Values.of(
          m.mean(focal(focal, outcome, smoothed(target, focal.labelSmoothing(), 2))));
    }
    Crossentropy.Binary binary = (Crossentropy.Binary) loss;
    Optional<Output<?>> raw = logits(binary.fromLogits(), outcome, ActivationFunction.SIGMOID);
    Output<?> smooth = smoothed(target, binary.labelSmoothing(), 2);
    return Losses.Values.of(m.mean(binary(raw, outcome.prediction(), smooth)));
  }

  /** What to start from when it is not the probabilities. */
  private static Optional<Output<?>> logits(
      boolean fromLogits, Outcome outcome, ActivationFunction wanted) {
    Optional<Output<?>> before = known(outcome, wanted);
    return before.isPresent() || !fromLogits ? before : Optional.of(outcome.prediction());
  }

  private static Optional<Output<?>> known(Outcome outcome, ActivationFunction wanted) {
    return outcome.logits().filter(logits -> logits.function() == wanted).map(Pass.Logits::value);
  }

  private Output<?> sparse(Crossentropy.SparseCategorical loss, Outcome outcome) {
    Optional<Output<?>> raw = logits(loss.fromLogits(), outcome, ActivationFunction.SOFTMAX);
    return sparse(raw.orElseGet(() -> m.log(m.clipped(outcome.prediction()))), outcome.target());
  }

  private Output<?> sparse(Output<?> logits, Output<?> target) {
    // the sparse fused op has no gradient in C++
    return fused(logits, oneHot(target, logits));
  }

  /**
   * What is ignored has prediction 0 and is no longer known to come from a softmax, as in Keras.
   */
  private Losses.Values masked(Crossentropy.SparseCategorical loss, int ignored, Outcome outcome) {
    Output<?> valid = m.apply("NotEqual", outcome.target(), e.scalar(ignored));
    Output<?> target = m.where(valid, outcome.target(), e.scalar(0));
    Output<?> places = m.apply("ExpandDims", valid, e.scalar(-1));
    Output<?> prediction = m.where(places, outcome.prediction(), m.scalar(0));
    Output<?> values =
        sparse(loss.fromLogits() ? prediction : m.log(m.clipped(prediction)), target);
    return new Losses.Values(
        m.where(valid, values, m.scalar(0)), Optional.of(m.number(valid)), true);
  }

  private Output<?> generalized(double q, Output<?> prediction, Output<?> target) {
    Output<?> right = m.sum(m.mul(prediction, oneHot(target, prediction)));
    // at 0 the slope of a power is infinite, and times the softmax's 0 no number
    Output<?> none = m.apply("Equal", right, m.scalar(0));
    Output<?> power = m.pow(m.where(none, m.scalar(1), right), q);
    return m.div(m.oneMinus(m.where(none, m.scalar(0), power)), m.scalar(q));
  }

  private Output<?> oneHot(Output<?> target, Output<?> prediction) {
    return m.apply("OneHot", target, e.scalar(classes(prediction)), m.scalar(1), m.scalar(0));
  }

  private Output<?> categorical(Crossentropy.Categorical loss, Outcome outcome, Output<?> target) {
    Optional<Output<?>> raw = logits(loss.fromLogits(), outcome, ActivationFunction.SOFTMAX);
    if (raw.isPresent()) {
      return fused(raw.get(), target);
    }
    return m.neg(m.sum(m.mul(target, m.log(normalized(outcome.prediction())))));
  }

  private Output<?> focal(
      Crossentropy.CategoricalFocal loss, Output<?> prediction, Output<?> target) {
    Output<?> y = normalized(loss.fromLogits() ? m.apply("Softmax", prediction) : prediction);
    Output<?> entropy = m.mul(m.neg(target), m.log(y));
    Output<?> factor = m.mul(m.pow(m.oneMinus(y), loss.gamma()), loss.alpha());
    return m.sum(m.mul(factor, entropy));
  }

  private Output<?> normalized(Output<?> prediction) {
    int last = Arithmetic.rank(prediction) - 1;
    return m.clipped(m.div(prediction, m.keep("Sum", prediction, last)));
  }

  private Output<?> focal(Crossentropy.BinaryFocal loss, Outcome outcome, Output<?> target) {
    // Keras's sigmoid remembers its logits, so that the entropy starts from them
    Optional<Output<?>> raw =
        loss.fromLogits()
            ? Optional.of(outcome.prediction())
            : known(outcome, ActivationFunction.SIGMOID);
    Output<?> y =
        loss.fromLogits() ? m.apply("Sigmoid", outcome.prediction()) : outcome.prediction();
    Output<?> entropy = binary(raw, y, target);
    Output<?> right = m.add(m.mul(target, y), m.mul(m.oneMinus(target), m.oneMinus(y)));
    Output<?> focal = m.mul(m.pow(m.oneMinus(right), loss.gamma()), entropy);
    if (!loss.classBalancing()) {
      return focal;
    }
    Output<?> yes = m.mul(target, loss.alpha());
    return m.mul(m.add(yes, m.mul(m.oneMinus(target), 1 - loss.alpha())), focal);
  }

  private Output<?> binary(Optional<Output<?>> logits, Output<?> prediction, Output<?> target) {
    if (logits.isPresent()) {
      return sigmoid(logits.get(), target);
    }
    Output<?> p = m.clipped(prediction);
    Output<?> yes = m.mul(target, m.log(p));
    Output<?> no = m.mul(m.oneMinus(target), m.log(m.oneMinus(p)));
    return m.neg(m.add(yes, no));
  }

  /**
   * {@code max(x, 0) - x t + log(1 + exp(-|x|))}, which overflows nowhere; by selections, because
   * the gradients of Relu and Abs at 0 are 0, and those of a logit 0 are not.
   */
  private Output<?> sigmoid(Output<?> x, Output<?> target) {
    Output<?> positive = m.apply("GreaterEqual", x, m.scalar(0));
    Output<?> rest = m.where(positive, x, m.scalar(0));
    Output<?> small = m.apply("Exp", m.where(positive, m.neg(x), x));
    return m.add(m.sub(rest, m.mul(x, target)), m.apply("Log1p", small));
  }

  private Output<?> fused(Output<?> logits, Output<?> labels) {
    Shape shape = logits.shape();
    int rank = shape.numDimensions();
    Output<?> fixed = m.apply("StopGradient", labels);
    if (rank == 2) {
      return m.apply("SoftmaxCrossEntropyWithLogits", logits, fixed);
    }
    Output<?> rows = e.vector(-1, classes(logits));
    Output<?> flat =
        m.apply("SoftmaxCrossEntropyWithLogits", e.reshape(logits, rows), e.reshape(fixed, rows));
    Output<?> sizes =
        m.apply("StridedSlice", e.shape(logits), e.vector(0), e.vector(-1), e.vector(1));
    return e.reshape(flat, sizes);
  }

  private Output<?> bySoftmax(Output<?> target, double smoothing) {
    return smoothed(target, smoothing, smoothing == 0 ? 1 : classes(target));
  }

  private Output<?> smoothed(Output<?> target, double smoothing, int classes) {
    return smoothing == 0 ? target : m.add(m.mul(target, 1 - smoothing), smoothing / classes);
  }

  private static int classes(Output<?> x) {
    return Math.toIntExact(x.shape().get(Arithmetic.rank(x) - 1));
  }
}
