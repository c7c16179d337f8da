package dev.tfgraphs.examples;

import com.google.common.primitives.Doubles;
import java.util.Locale;
import java.util.Optional;

/** A number that a run has in its settings, and how it is written. */
enum Measure {
  ACCURACY("Test accuracy (%)", "%.2f", 100),
  LOSS("Test loss", "%.4f", 1),
  PARAMETERS("Parameters", "%,.0f", 1),
  TRAINING_SAMPLES("Samples to learn from", "%,.0f", 1),
  TEST_SAMPLES("Samples to test", "%,.0f", 1),
  EPOCHS("Epochs", "%.0f", 1),
  SEEDS("Seeds", "%.0f", 1),
  TIME("Time (s)", "%.1f", 1);

  private final String title;
  private final String format;
  private final double factor;

  Measure(String title, String format, double factor) {
    this.title = title;
    this.format = format;
    this.factor = factor;
  }

  /** With its unit. */
  String title() {
    return title;
  }

  /** The number, in the unit of the title; empty if the run has none. */
  Optional<Double> of(FinishedRun run) {
    return Optional.ofNullable(
            switch (this) {
              case ACCURACY -> run.result().get("test_accuracy");
              case LOSS -> run.result().get("test_loss");
              case PARAMETERS -> run.facts().get("parameters");
              case TRAINING_SAMPLES -> run.data().get("training_samples");
              case TEST_SAMPLES -> run.data().get("test_samples");
              case EPOCHS -> run.facts().get("epochs_finished");
              case SEEDS -> run.facts().get("seeds_finished");
              case TIME -> run.facts().get("seconds");
            })
        .map(Doubles::tryParse)
        .map(number -> factor * number);
  }

  /** A number of this kind, as it is written. */
  String number(double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
