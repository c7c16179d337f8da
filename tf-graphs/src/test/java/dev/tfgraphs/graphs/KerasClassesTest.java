package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonElement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every class that Keras has of a family is here, but for those that are named with a reason. */
class KerasClassesTest {
  private static final ImmutableMap<String, String> LEFT_OUT =
      ImmutableMap.<String, String>builder()
          .put("Loss", "what others are made of")
          .put("Metric", "what others are made of")
          .put("Optimizer", "what others are made of")
          .put("LearningRateSchedule", "what others are made of")
          .put("MeanMetricWrapper", "the mean of a function of Python: Metric.mean")
          .put("Mean", "told values and no targets and outputs: Metric.mean")
          .put("Sum", "told values and no targets and outputs: Metric.sum")
          .put("LossScaleOptimizer", "Precision.MIXED_FLOAT16")
          .put("Adafactor", "not done")
          .put("Muon", "not done")
          .put("MultiOptimizer", "not done")
          .put("OptimizerMap", "a part of MultiOptimizer")
          .put("ScheduleFreeAdamW", "not done")
          .buildOrThrow();

  private static ImmutableSet<String> here(String family) {
    return switch (family) {
      case "losses" -> LossKinds.KINDS.names();
      case "metrics" -> MetricKinds.names();
      case "optimizers" -> OptimizerKinds.KINDS.names();
      default -> ScheduleKinds.KINDS.names();
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"losses", "metrics", "optimizers", "schedules"})
  void noClassIsMissingWithoutAReason(String family) {
    Set<String> keras = new TreeSet<>();
    for (JsonElement name : Golden.file("classes.json").getAsJsonArray(family)) {
      if (!LEFT_OUT.containsKey(name.getAsString())) {
        keras.add(name.getAsString());
      }
    }
    assertEquals(keras, new TreeSet<>(here(family)));
  }
}
