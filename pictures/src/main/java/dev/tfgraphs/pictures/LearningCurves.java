package dev.tfgraphs.pictures;

import static dev.tfgraphs.pictures.EpochChart.line;

import dev.tfgraphs.graphs.History;
import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Learning curves: what a history says, as a picture. */
public final class LearningCurves {
  /** What a history has beside each other. */
  private record Part(String prefix, EpochChart.Look look) {
    /** Something else that looks like this. */
    Part of(String name, String columns) {
      return new Part(
          columns, new EpochChart.Look(name, look.colour(), look.stroke(), look.marker()));
    }
  }

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "",
              new EpochChart.Look("training", new Color(0x0072b2), line(), SeriesMarkers.CIRCLE)),
          new Part(
              "val_",
              new EpochChart.Look(
                  "validation", new Color(0xd55e00), line(6, 4), SeriesMarkers.SQUARE)));

  private enum Measure {
    ACCURACY("accuracy", "Accuracy (%)"),
    LOSS("loss", "Loss");

    private final String column;
    private final String label;

    Measure(String column, String label) {
      this.column = column;
      this.label = label;
    }
  }

  private LearningCurves() {}

  /**
   * The accuracy and the loss over the epochs, in training and, where the history has it, in
   * validation.
   *
   * @param history values for each epoch by Keras's names: {@code accuracy}, {@code loss}, {@code
   *     val_accuracy}, {@code val_loss}; other columns are left out
   * @throws IllegalArgumentException if there is no epoch, neither accuracy nor loss, or columns of
   *     different lengths
   */
  public static Picture learningCurves(String title, Map<String, List<Double>> history) {
    return picture(title, PARTS, history);
  }

  /**
   * The accuracy and the loss in validation of two networks over the epochs.
   *
   * @throws IllegalArgumentException if there is no epoch, neither accuracy nor loss, or one has
   *     more epochs than the other
   */
  public static Picture validation(String one, History first, String another, History second) {
    Map<String, List<Double>> columns = new LinkedHashMap<>();
    first.metrics().forEach((column, values) -> columns.put(one + ": " + column, values));
    second.metrics().forEach((column, values) -> columns.put(another + ": " + column, values));
    List<Part> parts =
        List.of(PARTS.get(0).of(one, one + ": val_"), PARTS.get(1).of(another, another + ": val_"));
    return picture("Validation", parts, columns);
  }

  private static Picture picture(
      String title, List<Part> possible, Map<String, List<Double>> history) {
    List<Measure> measures = measures(possible.get(0).prefix, history);
    List<Part> parts = parts(measures, possible, history);
    return EpochChart.picture(
        title,
        parts.stream().map(Part::look).toList(),
        measures.stream().map(measure -> panel(measure, parts, history)).toList());
  }

  private static EpochChart.Panel panel(
      Measure measure, List<Part> parts, Map<String, List<Double>> history) {
    List<EpochChart.Curve> curves =
        parts.stream()
            .filter(part -> history.containsKey(part.prefix + measure.column))
            .map(
                part ->
                    new EpochChart.Curve(
                        part.look, column(history, part.prefix + measure.column), Optional.empty()))
            .toList();
    return new EpochChart.Panel(measure.label, measure == Measure.ACCURACY, curves);
  }

  private static List<Double> column(Map<String, List<Double>> history, String name) {
    return history.getOrDefault(name, List.of());
  }

  /** Those of which the first part has values. */
  private static List<Measure> measures(String first, Map<String, List<Double>> history) {
    List<Measure> measures =
        Arrays.stream(Measure.values()).filter(m -> history.containsKey(first + m.column)).toList();
    if (history.isEmpty()
        || measures.stream().anyMatch(m -> column(history, first + m.column).isEmpty())) {
      throw new IllegalArgumentException(
          "learning curves: expected at least one epoch, received an empty history");
    }
    if (measures.isEmpty()) {
      throw new IllegalArgumentException(
          "learning curves: expected a column '%saccuracy' or '%sloss', received %s"
              .formatted(first, first, history.keySet()));
    }
    return measures;
  }

  private static List<Part> parts(
      List<Measure> measures, List<Part> possible, Map<String, List<Double>> history) {
    String first = possible.get(0).prefix + measures.get(0).column;
    int epochs = column(history, first).size();
    for (Measure measure : measures) {
      for (Part part : possible) {
        String column = part.prefix + measure.column;
        int received = history.containsKey(column) ? column(history, column).size() : epochs;
        if (received != epochs) {
          throw new IllegalArgumentException(
              "learning curves: column '%s': expected %d values as in '%s', received %d"
                  .formatted(column, epochs, first, received));
        }
      }
    }
    return possible.stream()
        .filter(p -> measures.stream().anyMatch(m -> history.containsKey(p.prefix + m.column)))
        .toList();
  }
}
