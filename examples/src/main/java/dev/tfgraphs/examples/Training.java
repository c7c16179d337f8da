package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.GradientLogger;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One training, from the first line that is printed to the last. */
final class Training {
  /** What the validation after the last finished epoch measured on the test samples. */
  record Score(double accuracy, double loss) {}

  private final TrainingPlan plan;
  private final RunFolder folder;
  private final Interrupt interrupt;
  private final Console console;
  private final boolean randomSeed;

  Training(
      TrainingPlan plan,
      RunFolder folder,
      Interrupt interrupt,
      Console console,
      boolean randomSeed) {
    this.plan = plan;
    this.folder = folder;
    this.interrupt = interrupt;
    this.console = console;
    this.randomSeed = randomSeed;
  }

  /** Trains, writes and reports; 0, or what a shell expects after an interrupt. */
  int run() throws IOException {
    Model model = plan.model();
    if (!plan.onGpu()) {
      plan.checkMemory(model, Machine.here().availableMemory());
    }
    describe(model);
    Instant start = Instant.now();
    try (Trainer trainer = Trainer.of(model, plan.compile())) {
      Course course = new Course(trainer, interrupt);
      Optional<GradientLogger> gradients = gradientLogger();
      FitOptions options = gradients.map(plan.fitOptions()::callback).orElseGet(plan::fitOptions);
      Ending ending = course.fit(plan.data().training(), options, console);
      if (ending == Ending.DIVERGED && course.history().epochs().isEmpty()) {
        console.problem(divergence(course) + "; no epoch finished");
        return Main.FAILED;
      }
      Path written = write(trainer, course, gradients, start, ending);
      if (ending == Ending.DIVERGED) {
        console.problem(divergence(course) + "; the finished epochs are kept in " + written);
        return Main.FAILED;
      }
      return ending == Ending.INTERRUPTED ? interrupt.exitCode() : 0;
    }
  }

  private String divergence(Course course) {
    return course.divergence()
        + "; lower --learning-rate, which is "
        + plan.learningRate()
        + ", and look for wrong values in --data (in Java, clipnorm(1) of the optimizer helps too)";
  }

  private Optional<GradientLogger> gradientLogger() {
    Path file = folder.temporary().resolve(Results.GRADIENTS + ".csv");
    return plan.gradients()
        ? Optional.of(GradientLogger.every(plan.stepsBetweenGradients()).to(file))
        : Optional.empty();
  }

  private Path write(
      Trainer trainer,
      Course course,
      Optional<GradientLogger> gradients,
      Instant start,
      Ending ending)
      throws IOException {
    Duration time = Duration.between(start, Instant.now());
    History history = course.history();
    Optional<Score> score = score(history);
    report(history, score, time, ending);
    Results results = new Results(plan, folder.temporary(), console);
    results.writeModel(trainer);
    results.writeHistory(course);
    gradients.ifPresent(logger -> results.writeGradients(logger.history()));
    results.writePictures(trainer);
    results.writeSamples();
    results.writeSettings(trainer.model(), start, time, history.epochs().size(), score, ending);
    Path written = folder.publish();
    results.list(written);
    return written;
  }

  private void describe(Model model) {
    DataSource data = plan.data();
    console.detail(
        "Training %s on %s: %s to learn from, %,d to test, %s, images of %s.",
        plan.network().name(),
        data.kind() == DataSource.Kind.DIGITS ? "the digits" : data.location(),
        Console.counted(data.training().samples(), "sample"),
        data.test().samples(),
        Console.counted(data.classNames().size(), "class"),
        ImageSize.described(data.image()));
    console.detail(
        "The network sees %d x %d pixels and has %,d parameters.",
        plan.imageSize(), plan.imageSize(), model.parameters());
    console.detail(
        "%s from a learning rate of %s, %s of %s, batch size %d, on the %s.",
        plan.method() == TrainingPlan.Method.ADAM ? "Adam" : "SGD",
        Double.toString(plan.learningRate()),
        Console.counted(plan.epochs(), "epoch"),
        Console.counted(plan.stepsPerEpoch(), "step"),
        plan.batchSize(),
        plan.onGpu() ? "GPU" : "CPU");
    console.detail("Seed %d%s.", plan.seed(), randomSeed ? ", chosen at random" : "");
    console.out().flush();
  }

  private static Optional<Score> score(History history) {
    int last = history.epochs().size() - 1;
    return last < 0
        ? Optional.empty()
        : Optional.of(
            new Score(history.get("val_accuracy").get(last), history.get("val_loss").get(last)));
  }

  private void report(History history, Optional<Score> score, Duration time, Ending ending) {
    int done = history.epochs().size();
    String when = "";
    if (done < plan.epochs()) {
      if (ending == Ending.DIVERGED) {
        console.result(
            "Diverged: %d of %d epochs finished; the model is that after the last of them.",
            done, plan.epochs());
      } else {
        console.interrupted(done, plan.epochs());
      }
      when = " after epoch " + done;
    }
    if (score.isPresent()) {
      console.result("Test accuracy%s: %.2f %%", when, 100 * score.get().accuracy());
      console.result("Test loss%s: %.4f", when, score.get().loss());
    }
    console.detail("Time: %.1f s", time.toMillis() / 1000.0);
  }
}
