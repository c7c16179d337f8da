package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResNet18.resNet18;

import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Model;
import java.io.PrintStream;

/** Slide 6: a training loop of one's own, with a line every 200 steps. */
final class TrainingLoop {
  public static void main(String[] args) {
    Dataset digits = Digits.train().dataset().oneHot(10).repeat(10);
    Dataset test = Digits.test().dataset().oneHot(10);
    trainResNet(resNet18(10, 8, 8, 1), digits, test, 10, System.out);
  }

  static void trainResNet(
      Model model, Dataset train, Dataset validation, int epochs, PrintStream out) {
    Compile adam =
        Compile.of(Optimizer.adam(0.001), Loss.categoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, adam);
        Batches batches = train.open(64, true, 1)) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        out.printf("%nStart of epoch %d%n", epoch + 1);
        int step = 0;
        for (Batch batch : batches.pass(epoch)) {
          double loss = trainer.step(batch);
          if (step % 200 == 0) {
            out.printf("Training loss (for one batch) at step %d: %.4f%n", step, loss);
            out.printf("Seen so far: %d samples%n", (step + 1) * 64);
          }
          step++;
        }
        out.printf("Training acc over epoch: %.4f%n", trainer.metrics().get("accuracy"));
        trainer.resetMetrics();
        out.printf("Validation acc: %.4f%n", trainer.evaluate(validation).get("accuracy"));
      }
    }
  }
}
