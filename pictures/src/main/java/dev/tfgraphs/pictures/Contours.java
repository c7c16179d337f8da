package dev.tfgraphs.pictures;

import java.awt.geom.Path2D;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines along which numbers on a grid are equal, by marching squares, each in one piece so that it
 * can be dashed.
 */
final class Contours {
  /** Where a line crosses the way from a point of the grid to the next to the right, or below. */
  private record Crossing(int row, int column, boolean down) {}

  private final double[][] grid;
  private final double level;
  private final Map<Crossing, List<Crossing>> next = new LinkedHashMap<>();

  private Contours(double[][] grid, double level) {
    this.grid = grid;
    this.level = level;
  }

  /**
   * The lines of a level.
   *
   * @param grid numbers by row and column; none go through what is not a number
   * @param step the distance of two points
   */
  static Path2D of(double[][] grid, double level, double step) {
    Contours contours = new Contours(grid, level);
    for (int row = 0; row < grid.length - 1; row++) {
      for (int column = 0; column < grid[row].length - 1; column++) {
        contours.cross(row, column);
      }
    }
    return contours.path(step);
  }

  /** Finds where a line enters and leaves the square between four points. */
  private void cross(int row, int column) {
    double sum =
        grid[row][column]
            + grid[row][column + 1]
            + grid[row + 1][column]
            + grid[row + 1][column + 1];
    if (Double.isNaN(sum)) {
      return;
    }
    List<Crossing> found = new ArrayList<>();
    boolean topLeft = above(row, column);
    // clockwise from the top
    add(found, topLeft, above(row, column + 1), new Crossing(row, column, false));
    add(
        found,
        above(row, column + 1),
        above(row + 1, column + 1),
        new Crossing(row, column + 1, true));
    add(
        found,
        above(row + 1, column),
        above(row + 1, column + 1),
        new Crossing(row + 1, column, false));
    add(found, topLeft, above(row + 1, column), new Crossing(row, column, true));
    if (found.size() == 2) {
      join(found.get(0), found.get(1));
    } else if (found.size() == 4) {
      // a saddle: its middle says which corners belong together
      boolean together = (sum / 4 >= level) == topLeft;
      join(found.get(0), found.get(together ? 1 : 3));
      join(found.get(2), found.get(together ? 3 : 1));
    }
  }

  private boolean above(int row, int column) {
    return grid[row][column] >= level;
  }

  private static void add(List<Crossing> found, boolean one, boolean other, Crossing crossing) {
    if (one != other) {
      found.add(crossing);
    }
  }

  private void join(Crossing one, Crossing other) {
    next.computeIfAbsent(one, key -> new ArrayList<>()).add(other);
    next.computeIfAbsent(other, key -> new ArrayList<>()).add(one);
  }

  private Path2D path(double step) {
    Path2D path = new Path2D.Double();
    while (!next.isEmpty()) {
      Deque<Crossing> line = new ArrayDeque<>();
      Crossing start = next.keySet().iterator().next();
      line.add(start);
      walk(line, true);
      walk(line, false);
      boolean first = true;
      for (Crossing crossing : line) {
        double x = step * x(crossing);
        double y = step * y(crossing);
        if (first) {
          path.moveTo(x, y);
        } else {
          path.lineTo(x, y);
        }
        first = false;
      }
      line.forEach(next::remove);
    }
    return path;
  }

  /** Follows the line from one of its ends, and takes each piece of it out. */
  private void walk(Deque<Crossing> line, boolean onwards) {
    Crossing at = onwards ? line.getLast() : line.getFirst();
    List<Crossing> ways = next.getOrDefault(at, List.of());
    while (!ways.isEmpty()) {
      Crossing to = ways.remove(0);
      next.getOrDefault(to, List.of()).remove(at);
      if (onwards) {
        line.addLast(to);
      } else {
        line.addFirst(to);
      }
      at = to;
      ways = next.getOrDefault(at, List.of());
    }
  }

  private double x(Crossing at) {
    return at.down() ? at.column() : at.column() + part(at, at.row(), at.column() + 1);
  }

  private double y(Crossing at) {
    return at.down() ? at.row() + part(at, at.row() + 1, at.column()) : at.row();
  }

  private double part(Crossing at, int row, int column) {
    double from = grid[at.row()][at.column()];
    return (level - from) / (grid[row][column] - from);
  }
}
