package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * How good the outputs of one lowering are: the losses of a batch, and the metrics that gather over
 * batches (keras/src/trainers/compile_utils.py).
 */
final class Judgement {
  /** One output of this lowering, what it should be, and its loss in this batch. */
  private record Judged(Head head, Outcome outcome, Output<?> loss) {}

  /**
   * What is gathered batch by batch: the ops that do so, that forget, and what there is by name.
   *
   * @param valid what must have been found before anything is gathered
   */
  record Gathering(
      List<GraphOperation> valid,
      List<GraphOperation> updates,
      List<GraphOperation> resets,
      Map<String, Output<?>> results,
      Map<String, Boolean> rising) {
    Gathering(List<GraphOperation> valid) {
      this(valid, new ArrayList<>(), new ArrayList<>(), new TreeMap<>(), new HashMap<>());
    }

    private void put(String name, Output<?> result) {
      if (results.put(name, result) != null) {
        throw new GraphException("metrics: expected each once, received two called '" + name + "'");
      }
    }
  }

  private final Emitter e;
  private final Output<?> samples;
  private final boolean several;
  private final ImmutableList<Judged> outputs;
  private final Output<?> total;

  Judgement(Emitter e, List<Head> heads, Lowered lowered, SampleWeights weights) {
    this.e = e;
    Losses losses = new Losses(e.under("loss"));
    this.outputs =
        heads.stream()
            .map(head -> judged(losses, head, lowered, weights))
            .collect(ImmutableList.toImmutableList());
    this.several = lowered.rawOutputs().size() > 1;
    this.total = total(lowered);
    this.samples = e.cast(Windows.size(e, lowered.rawOutputs().get(0), 0), DataType.DT_FLOAT);
  }

  private Judged judged(Losses losses, Head head, Lowered lowered, SampleWeights weights) {
    Output<?> output = lowered.rawOutputs().get(head.index());
    Output<?> wanted = head.wanted(e, output);
    Optional<Pass.Logits> logits = lowered.pass().logitsOf(output);
    Outcome outcome =
        new Outcome(
            head.targets(),
            output,
            logits,
            wanted,
            Optional.of(weights.ofSamples()),
            Optional.of(weights.given()));
    return new Judged(head, outcome, losses.of(head.loss(), outcome));
  }

  private Output<?> total(Lowered lowered) {
    @Nullable Output<?> sum = null;
    for (Judged judged : outputs) {
      double weight = judged.head.objective().weight().orElse(1);
      Output<?> part = weight == 1 ? judged.loss : e.mul(judged.loss, e.scalar((float) weight));
      sum = sum == null ? part : e.add(sum, part);
    }
    if (sum == null) {
      throw new IllegalStateException("nothing to judge");
    }
    Optional<Output<?>> penalties = new Penalties(e.under("penalties")).of(lowered.pass());
    return penalties.isPresent() ? e.add(sum, penalties.get()) : sum;
  }

  /** The sum of all losses and penalties in this batch. */
  Output<?> total() {
    return total;
  }

  /**
   * What gathers this batch, once {@code valid} has been found.
   *
   * @param loss the total loss, one number
   */
  Gathering gather(Output<?> loss, List<GraphOperation> valid) {
    Gathering gathering = new Gathering(valid);
    gatherLoss("loss", loss, samples, gathering);
    for (Judged judged : outputs) {
      String prefix = several ? judged.head.name() + "_" : "";
      if (outputs.size() > 1) {
        // Keras weighs these by the batch size that it knows beforehand, and fit knows none.
        gatherLoss(prefix + "loss", judged.loss, e.scalar(1f), gathering);
      }
      Outcome outcome = after(valid, judged.outcome);
      Objective objective = judged.head.objective();
      for (Metric metric : objective.metrics()) {
        Outcome plain = outcome.unweighted();
        gather(prefix, Metrics.create(scope(prefix), valid, metric, plain), gathering);
      }
      for (Metric metric : objective.weightedMetrics()) {
        gather(prefix, weighted(prefix, metric, outcome, gathering), gathering);
      }
    }
    return gathering;
  }

  /** As Keras has it, a name that is taken becomes {@code weighted_} and the name. */
  private Gauge weighted(String prefix, Metric metric, Outcome outcome, Gathering gathering) {
    String name = Metrics.name(metric, outcome.targets());
    boolean taken = gathering.results.containsKey(prefix + name);
    Metric named = taken ? metric.named("weighted_" + name) : metric;
    return Metrics.create(scope(prefix), gathering.valid, named, outcome);
  }

  private Emitter scope(String prefix) {
    return prefix.isEmpty() ? e : e.under(prefix.substring(0, prefix.length() - 1));
  }

  private void gather(String prefix, Gauge gauge, Gathering gathering) {
    gathering.updates.add(gauge.update());
    gathering.resets.add(gauge.reset());
    gauge
        .numbers(e)
        .forEach(
            (name, number) -> {
              gathering.put(prefix + name, number);
              gauge
                  .direction()
                  .ifPresent(
                      direction ->
                          gathering.rising.put(prefix + name, direction == Gauge.Direction.UP));
            });
  }

  private void gatherLoss(String name, Output<?> loss, Output<?> weight, Gathering gathering) {
    Output<?> mean = Arithmetic.rank(loss) == 0 ? loss : e.reduceAll("Mean", loss);
    Meter meter = Meter.create(e, name);
    gathering.updates.add(meter.gather(e.after(gathering.valid), e.mul(mean, weight), weight));
    gathering.resets.add(meter.reset(e));
    gathering.put(name, meter.mean(e));
    gathering.rising.put(name, false);
  }

  /** Metrics are not asked of what is no number, of which some of their ops would fail. */
  private Outcome after(List<GraphOperation> valid, Outcome outcome) {
    return new Outcome(
        outcome.targets(),
        after(valid, outcome.prediction()),
        outcome
            .logits()
            .map(logits -> new Pass.Logits(logits.function(), after(valid, logits.value()))),
        after(valid, outcome.target()),
        outcome.weights().map(weights -> after(valid, weights)),
        outcome.given());
  }

  private Output<?> after(List<GraphOperation> valid, Output<?> value) {
    return valid.isEmpty() ? value : e.after(valid).op("Identity").in(value).out();
  }
}
