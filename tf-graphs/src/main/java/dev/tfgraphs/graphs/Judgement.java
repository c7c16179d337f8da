package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private record Judged(Head head, Output<?> output, Output<?> wanted, Output<?> loss) {}

  private final Emitter e;
  private final Output<?> samples;
  private final ImmutableList<Judged> outputs;
  private final Output<?> total;

  Judgement(Emitter e, List<Head> heads, Lowered lowered, Slot weights) {
    this.e = e;
    Losses losses = new Losses(e.under("loss"));
    this.outputs =
        heads.stream()
            .map(head -> judged(losses, head, lowered, weights))
            .collect(ImmutableList.toImmutableList());
    this.total = total(lowered);
    this.samples = e.cast(Windows.size(e, lowered.rawOutputs().get(0), 0), DataType.DT_FLOAT);
  }

  private Judged judged(Losses losses, Head head, Lowered lowered, Slot weights) {
    Output<?> output = lowered.rawOutputs().get(head.index());
    Output<?> wanted = head.wanted(e, output);
    Optional<Pass.Logits> logits = lowered.pass().logitsOf(output);
    return new Judged(
        head, output, wanted, losses.mean(head.loss(), output, logits, wanted, weights.value()));
  }

  private Output<?> total(Lowered lowered) {
    @Nullable Output<?> sum = null;
    for (Judged judged : outputs) {
      double weight = judged.head.objective().weight();
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
   * The ops that gather this batch, once {@code valid} has been found.
   *
   * @param loss the total loss
   * @param meters gets what they gather into
   */
  List<GraphOperation> gather(
      Output<?> loss, List<GraphOperation> valid, Map<String, Meter> meters) {
    List<GraphOperation> gathered = new ArrayList<>();
    gathered.add(gatherLoss("loss", loss, meters));
    boolean several = outputs.size() > 1;
    for (Judged judged : outputs) {
      String prefix = several ? judged.head.name() + "_" : "";
      if (several) {
        gathered.add(gatherLoss(prefix + "loss", after(valid, judged.loss), meters));
      }
      Output<?> output = after(valid, judged.output);
      Metrics metrics = new Metrics(e.under("metrics"));
      for (Metric metric : judged.head.objective().metrics()) {
        Meter meter = add(meters, prefix + Metrics.name(metric, judged.head.targets()));
        gathered.add(
            meter.gatherAll(
                e, metrics.values(metric, judged.head.targets(), output, judged.wanted)));
      }
    }
    return gathered;
  }

  private GraphOperation gatherLoss(String name, Output<?> loss, Map<String, Meter> meters) {
    return add(meters, name).gather(e, e.mul(loss, samples), samples);
  }

  private Output<?> after(List<GraphOperation> valid, Output<?> value) {
    return valid.isEmpty() ? value : e.after(valid).op("Identity").in(value).out();
  }

  private Meter add(Map<String, Meter> meters, String name) {
    Meter meter = Meter.create(e, name);
    if (meters.put(name, meter) != null) {
      throw new GraphException("metrics: expected each once, received two called '" + name + "'");
    }
    return meter;
  }
}
