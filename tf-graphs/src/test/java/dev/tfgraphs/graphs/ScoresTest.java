package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;

class ScoresTest {
  @Test
  void areShownAsKerasShowsThem() {
    assertEquals(
        "accuracy: 0.7100 - loss: 0.5923",
        new Scores(ImmutableMap.of("accuracy", 0.7099999785423279, "loss", 0.59226)).toString());
    assertEquals(
        "loss: nan - rate: 5.0000e-04",
        new Scores(ImmutableMap.of("loss", Double.NaN, "rate", 5e-4)).toString());
    assertEquals("", new Scores(ImmutableMap.of()).toString());
  }
}
