package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Scores;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.Downloads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A network carried over to images of one's own: first its new head, then its last layers. */
final class Transfer {
  private final TransferPlan plan;
  private final RunFolder folder;
  private final Interrupt interrupt;
  private final Console console;
  private final Map<Integer, Scores> finished = new LinkedHashMap<>();
  private final Map<Integer, Double> rates = new LinkedHashMap<>();
  private Ending ending = Ending.FINISHED;

  Transfer(TransferPlan plan, RunFolder folder, Interrupt interrupt, Console console) {
    this.plan = plan;
    this.folder = folder;
    this.interrupt = interrupt;
    this.console = console;
  }

  /** Trains, writes and reports; 0, or what a shell expects after an interrupt. */
  int run() throws IOException {
    Instant start = Instant.now();
    Model backbone = plan.backbone();
    Downloads downloads = Downloads.ofKeras().listener(new DownloadProgress(console));
    Path file = plan.weights().file(plan.network(), downloads);
    Weights pretrained = PretrainedWeights.read(file, plan.network(), backbone);
    describe();
    Model head = plan.headAlone(backbone);
    Optional<Weights> learned = trainHead(head, pretrained);
    if (learned.isEmpty()) {
      return Main.FAILED;
    }
    Weights best = learned.get();
    if (ending == Ending.FINISHED && plan.fineTuneEpochs() > 0) {
      best = fineTune(plan.fineTuned(head), best);
    }
    TransferResults results = new TransferResults(plan, folder.temporary(), console);
    results.write(head, best, History.of(finished), rates, start, ending);
    results.list(folder.publish());
    return switch (ending) {
      case FINISHED -> 0;
      case INTERRUPTED -> interrupt.exitCode();
      case DIVERGED -> Main.FAILED;
    };
  }

  private void describe() {
    DataSource data = plan.data();
    console.detail(
        "Transferring %s with the weights %s to %s: %s to learn from, %,d held out, %s,"
            + " scaled to %d x %d.",
        plan.network().modelName(),
        plan.weights().named(),
        data.location(),
        Console.counted(data.training().samples(), "image"),
        data.test().samples(),
        Console.counted(data.classNames().size(), "class"),
        plan.imageSize(),
        plan.imageSize());
    console.detail("Seed %d.", plan.seed());
    console.out().flush();
  }

  /** The weights after the first phase; empty if it diverged before an epoch had finished. */
  private Optional<Weights> trainHead(Model head, Weights pretrained) {
    console.detail(
        "A new head behind frozen layers%s:",
        plan.augment() ? "" : ", whose features are made once");
    try (Trainer trainer = Trainer.of(head, plan.compileHead())) {
      trainer.assign(with(trainer.weights(), pretrained));
      fit(trainer, plan.headOptions());
      return ending == Ending.DIVERGED && finished.isEmpty()
          ? Optional.empty()
          : Optional.of(trainer.weights());
    }
  }

  /** The weights after the second phase, or those before it if no epoch of it was better. */
  private Weights fineTune(Model model, Weights before) {
    console.detail(
        "Fine-tuning from %s on:",
        plan.unfreeze().equals(TransferPlan.ALL) ? "the first layer" : plan.unfreeze());
    int epochs = finished.size();
    double reached = bestLoss(epochs - 1);
    try (Trainer trainer = Trainer.of(model, plan.compileFineTuning())) {
      trainer.assign(before);
      fit(trainer, plan.fineTuningOptions(epochs));
      if (finished.size() > epochs && bestLoss(epochs) < reached) {
        return trainer.weights();
      }
      console.detail("No epoch of the fine-tuning lowered the loss: the weights before it stay.");
      return before;
    }
  }

  /** The least loss of validation from an epoch on. */
  private double bestLoss(int from) {
    return finished.values().stream()
        .skip(from)
        .mapToDouble(scores -> scores.get("val_loss"))
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private void fit(Trainer trainer, FitOptions options) {
    Course course = new Course(trainer, interrupt);
    ending = course.fit(plan.training(), options, console);
    finished.putAll(course.finished());
    rates.putAll(course.rates());
    if (ending == Ending.DIVERGED) {
      console.problem(
          course.divergence()
              + "; look for wrong values in --weights"
              + (finished.isEmpty() ? "; nothing is written" : "; the finished epochs are kept"));
    }
  }

  private static Weights with(Weights all, Weights some) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(all.tensors());
    tensors.putAll(some.tensors());
    return Weights.of(tensors);
  }
}
