package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.pictures.Diagram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiagramLawsTest {
  private static final int CHANNELS = 4;

  private static List<NamedNetwork> networks() {
    return NamedNetwork.all();
  }

  private static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void everyNetworkIsDrawnWell(NamedNetwork network) {
    Model model = network.model();
    Diagram diagram = Diagram.of(model);
    String svg = diagram.svg();
    List<String> names = DiagramLaws.check(svg, false).closed().map(box -> box.name()).toList();
    assertEquals(model.layers().size(), names.size());
    assertEquals(
        model.layers().stream().map(model::nameOf).collect(Collectors.toSet()), Set.copyOf(names));
    assertEquals(svg, Diagram.of(network.model()).svg());
    for (Diagram.Detail detail : List.of(Diagram.Detail.STAGES, Diagram.Detail.BLOCKS)) {
      DiagramLaws.check(diagram.detail(detail).svg(), false);
      DiagramLaws.check(diagram.detail(detail).leftToRight().svg(), true);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void anyNetworkIsDrawnWell(int seed) {
    Model model = model(new Random(seed), 3 + seed % 25, 2);
    for (Diagram.Detail detail : Diagram.Detail.values()) {
      for (boolean shapes : new boolean[] {true, false}) {
        Diagram diagram = Diagram.of(model).detail(detail).shapes(shapes);
        DiagramLaws.check(diagram.svg(), false);
        DiagramLaws.check(diagram.expandNested().svg(), false);
        DiagramLaws.check(diagram.expandNested().leftToRight().svg(), true);
      }
    }
  }

  /** Layers of all sorts on nodes at random: shared ones, merges, and models {@code deep} deep. */
  private static Model model(Random random, int layers, int deep) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(input(8, 8, CHANNELS));
    if (random.nextBoolean()) {
      nodes.add(input(8, 8, CHANNELS));
    }
    List<Node> inputs = List.copyOf(nodes);
    Layer shared = conv2D(CHANNELS, 3).padding(SAME);
    for (int i = 0; i < layers; i++) {
      Node a = nodes.get(nodes.size() - 1 - random.nextInt(Math.min(4, nodes.size())));
      Node b = nodes.get(random.nextInt(nodes.size()));
      switch (random.nextInt(deep > 0 ? 7 : 6)) {
        case 0, 1 -> nodes.add(a.to(conv2D(CHANNELS, 3).padding(SAME)));
        case 2 -> nodes.add(a.to(relu()));
        case 3 -> nodes.add(add(a, b));
        case 4 -> nodes.add(concatenate(a, b).to(conv2D(CHANNELS, 1)));
        case 5 -> nodes.add(a.to(shared));
        default -> {
          Model part = model(random, 3, deep - 1);
          nodes.addAll(part.call(part.inputs().size() == 1 ? List.of(a) : List.of(a, b)));
        }
      }
    }
    Set<Node> used =
        nodes.stream().flatMap(node -> node.call().inputs().stream()).collect(Collectors.toSet());
    List<Node> outputs = nodes.stream().filter(node -> !used.contains(node)).toList();
    return Model.of(inputs, outputs);
  }
}
