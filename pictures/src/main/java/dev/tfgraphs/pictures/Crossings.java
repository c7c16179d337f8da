package dev.tfgraphs.pictures;

import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to have a chain at a place: lines that cross, long lines, and the less usual side.
 */
final class Crossings {
  private static final double CROSSING = 10;

  /** Of what is between a chain and one that a line leads to, for each point. */
  private static final double DISTANCE = 0.005;

  /** Boxes are to the right unless the left is nearer; shortcuts are to the right. */
  private static final double LEFT_BOXES = 0.4;

  private static final double LEFT_LINE = 6;

  /** The lines between a row and the next: from which chain to which. */
  private final List<List<int[]>> gaps = new ArrayList<>();

  private final int[] first;
  private final int[] last;
  private final double[] width;
  private final boolean[] boxes;

  Crossings(List<List<Element>> chains, int[] chainOf, int rows) {
    for (int row = 0; row < rows; row++) {
      gaps.add(new ArrayList<>());
    }
    first = new int[chains.size()];
    last = new int[chains.size()];
    width = new double[chains.size()];
    boxes = new boolean[chains.size()];
    for (int chain = 0; chain < chains.size(); chain++) {
      List<Element> elements = chains.get(chain);
      first[chain] = elements.get(0).row;
      last[chain] = elements.get(elements.size() - 1).row;
      for (Element element : elements) {
        width[chain] = Math.max(width[chain], element.left + element.right);
        boxes[chain] |= element.isBox();
        for (Element next : element.next) {
          gaps.get(element.row).add(new int[] {chain, chainOf[next.index]});
        }
      }
    }
  }

  /** Whether two chains have lines or elements in the same rows. */
  boolean meet(int one, int other) {
    return first[one] - 1 <= last[other] + 1 && first[other] - 1 <= last[one] + 1;
  }

  /** How many lines change chains below a row. */
  int transfers(int row) {
    return (int) gaps.get(row).stream().filter(line -> line[0] != line[1]).count();
  }

  /** The cost of the lines that touch {@code chain}, with the chains at these places. */
  double cost(int chain, double[] place) {
    double cost = place[chain] > place[0] ? 0 : boxes[chain] ? LEFT_BOXES : LEFT_LINE;
    int from = Math.max(0, first[chain] - 1);
    for (int row = from; row <= Math.min(last[chain], gaps.size() - 1); row++) {
      for (int[] line : gaps.get(row)) {
        if ((line[0] == chain || line[1] == chain) && isPlaced(line, place)) {
          cost += CROSSING * crossed(line, gaps.get(row), place) + distance(line, place);
        }
      }
    }
    return cost;
  }

  private static boolean isPlaced(int[] line, double[] place) {
    return !Double.isNaN(place[line[0]]) && !Double.isNaN(place[line[1]]);
  }

  private static int crossed(int[] line, List<int[]> lines, double[] place) {
    int crossed = 0;
    for (int[] other : lines) {
      double above = place[line[0]] - place[other[0]];
      double below = place[line[1]] - place[other[1]];
      // of a chain that has no place yet this is not a number, and no crossing
      crossed += above * below < 0 ? 1 : 0;
    }
    return crossed;
  }

  private double distance(int[] line, double[] place) {
    if (line[0] == line[1]) {
      return 0;
    }
    double low = Math.min(place[line[0]], place[line[1]]);
    double high = Math.max(place[line[0]], place[line[1]]);
    double between = 0;
    for (int other = 0; other < place.length; other++) {
      if (place[other] > low
          && place[other] < high
          && meet(other, line[0])
          && meet(other, line[1])) {
        between += width[other];
      }
    }
    return DISTANCE * between;
  }
}
