package dev.tfgraphs.applications;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.List;

/** What every backbone says of its levels. */
final class BackboneLevels {
  private BackboneLevels() {}

  /** Their sizes halve, and the last has that of the features. */
  static void assertLast(Backbone network) {
    Model model = network.backbone(64, 96, 3);
    List<List<Integer>> sizes =
        network.levels().stream()
            .map(level -> model.output(level).shape())
            .map(shape -> List.of(shape.size(1), shape.size(2)))
            .toList();
    assertEquals(
        List.of(List.of(32, 48), List.of(16, 24), List.of(8, 12), List.of(4, 6), List.of(2, 3)),
        sizes);
    Shape features = model.output().shape();
    assertEquals(features, model.output(network.levels().get(4)).shape());
  }
}
