package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.Scores;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTableTest {
  private static final Standing ONE_DIVERGED =
      new Standing(
          new Subject(Variant.of("plain"), 20),
          271_098,
          ImmutableList.of(run(1, false, 0.5, 0.9), run(2, true, 0.99), run(3, false, 0.95, 0.8)));
  private static final Standing ONCE =
      new Standing(
          new Subject(Variant.of("relu-only-pre-activation"), 110),
          1_730_714,
          ImmutableList.of(run(1, false, 0.25, 0.125)));
  private static final Standing NEVER =
      new Standing(new Subject(Variant.of("dropout"), 20), 271_098, ImmutableList.of(run(1, true)));

  private static Standing.Run run(long seed, boolean diverged, double... accuracies) {
    Map<Integer, Scores> epochs = new LinkedHashMap<>();
    for (double accuracy : accuracies) {
      epochs.put(
          epochs.size(),
          new Scores(
              ImmutableMap.of(
                  "loss",
                  1 - accuracy,
                  "accuracy",
                  accuracy,
                  "val_loss",
                  diverged ? Double.POSITIVE_INFINITY : 2 - accuracy,
                  "val_accuracy",
                  accuracy)));
    }
    return new Standing.Run(seed, History.of(epochs), diverged, Duration.ofMillis(1500));
  }

  @Test
  void trainingsThatDivergedAreCountedAndNothingElse() {
    assertEquals(
        List.of(
            "variant                  depth   parameters   test accuracy     best  seconds",
            "plain                       20      271,098  85.00 ± 7.07 %  95.00 %      1.5"
                + "   1 of 3 diverged",
            "relu-only-pre-activation   110    1,730,714         12.50 %  25.00 %      1.5",
            "dropout                     20      271,098               -        -      1.5"
                + "   1 of 1 diverged"),
        ComparisonTable.lines(List.of(ONE_DIVERGED, ONCE, NEVER)));
  }

  @Test
  void everyFinishedEpochIsARow() {
    assertEquals(
        """
        variant,depth,seed,epoch,loss,accuracy,val_loss,val_accuracy
        plain,20,1,0,0.5,0.5,1.5,0.5
        plain,20,1,1,0.09999999999999998,0.9,1.1,0.9
        plain,20,2,0,0.010000000000000009,0.99,inf,0.99
        plain,20,3,0,0.050000000000000044,0.95,1.05,0.95
        plain,20,3,1,0.19999999999999996,0.8,1.2,0.8
        """
            .replace("\n", "\r\n"),
        ComparisonTable.csv(List.of(ONE_DIVERGED, NEVER)));
  }
}
