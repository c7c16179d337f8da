package dev.tfgraphs.examples;

import static dev.tfgraphs.pictures.EpochChart.line;

import com.google.common.collect.ImmutableList;
import com.google.common.math.Stats;
import dev.tfgraphs.pictures.EpochChart;
import dev.tfgraphs.pictures.Picture;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A measure of several networks over the epochs, in training and in test: of each the mean over the
 * seeds, in a band from the least to the most. A variant has a colour and a marker, a depth has
 * dashes; variants whose colour comes a second time have the dashes of the next depth.
 */
final class ComparisonChart {
  private static final ImmutableList<Color> COLOURS =
      ImmutableList.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0xcc79a7),
          new Color(0x000000),
          new Color(0xe69f00),
          new Color(0x56b4e9));

  /** Not as many as colours, so that no two of many variants have both in common. */
  private static final ImmutableList<Marker> MARKERS =
      ImmutableList.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.CROSS,
          SeriesMarkers.TRIANGLE_DOWN,
          SeriesMarkers.PLUS,
          SeriesMarkers.OVAL,
          SeriesMarkers.RECTANGLE,
          SeriesMarkers.TRAPEZOID);

  private static final ImmutableList<BasicStroke> STROKES =
      ImmutableList.of(line(), line(6, 4), line(2, 3), line(10, 3, 2, 3));

  private ComparisonChart() {}

  /** The accuracies of networks of which one run or more came to its end. */
  static Picture accuracy(String title, List<Standing> standings) {
    return of(title, standings, "accuracy", "accuracy (%)", true);
  }

  /** The losses of networks of which one run or more came to its end. */
  static Picture loss(String title, List<Standing> standings) {
    return of(title, standings, "loss", "loss", false);
  }

  private static Picture of(
      String title, List<Standing> standings, String column, String label, boolean percent) {
    List<EpochChart.Look> looks = looks(standings.stream().map(Standing::subject).toList());
    return EpochChart.picture(
        title,
        looks,
        List.of(
            new EpochChart.Panel("Training " + label, percent, curves(column, standings, looks)),
            new EpochChart.Panel(
                "Test " + label, percent, curves("val_" + column, standings, looks))));
  }

  private static List<EpochChart.Look> looks(List<Subject> subjects) {
    List<Variant> variants = subjects.stream().map(Subject::variant).distinct().toList();
    List<Integer> depths = subjects.stream().map(Subject::depth).distinct().toList();
    return subjects.stream()
        .map(
            subject -> {
              int variant = variants.indexOf(subject.variant());
              int depth = depths.indexOf(subject.depth());
              return new EpochChart.Look(
                  subject.title(),
                  COLOURS.get(variant % COLOURS.size()),
                  STROKES.get((depth + variant / COLOURS.size()) % STROKES.size()),
                  MARKERS.get(variant % MARKERS.size()));
            })
        .toList();
  }

  private static List<EpochChart.Curve> curves(
      String column, List<Standing> standings, List<EpochChart.Look> looks) {
    return IntStream.range(0, standings.size())
        .mapToObj(
            i -> {
              ImmutableList<Stats> epochs = standings.get(i).column(column);
              return new EpochChart.Curve(
                  looks.get(i), epochs.stream().map(Stats::mean).toList(), band(epochs));
            })
        .toList();
  }

  private static Optional<EpochChart.Band> band(List<Stats> epochs) {
    return epochs.get(0).count() < 2
        ? Optional.empty()
        : Optional.of(
            new EpochChart.Band(
                epochs.stream().map(Stats::min).toList(),
                epochs.stream().map(Stats::max).toList()));
  }
}
