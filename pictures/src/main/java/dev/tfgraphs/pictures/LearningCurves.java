package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.History;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Learning curves: what histories say, epoch by epoch, as a picture.
 *
 * <p>The curves of one training have a panel for each metric, with training and validation in it:
 *
 * <pre>{@code
 * LearningCurves.of("ResNet-20", history).picture().writePng(file);
 * }</pre>
 *
 * <p>Several trainings lie over each other, with a panel for each metric in training and one for it
 * in validation. Of a training that was done from several seeds the mean is a line, in a band from
 * the least to the largest of them:
 *
 * <pre>{@code
 * LearningCurves.of("Depth 56").history("residual", one, two).history("plain", three, four)
 *     .metrics("val_accuracy", "val_loss").picture().writeSvg(file);
 * }</pre>
 *
 * <p>Accuracies are in percent. A learning rate has a panel of its own, with a logarithmic axis
 * where it falls by a hundred times or more. Values that are not finite are gaps, and a note above
 * their panel counts them.
 */
@CheckReturnValue
public final class LearningCurves {
  private final String title;
  private final ImmutableList<Training> trainings;
  private final ImmutableSet<String> metrics;
  private final boolean logarithmic;

  private LearningCurves(
      String title,
      ImmutableList<Training> trainings,
      ImmutableSet<String> metrics,
      boolean logarithmic) {
    this.title = title;
    this.trainings = trainings;
    this.metrics = metrics;
    this.logarithmic = logarithmic;
  }

  /**
   * The curves of one training.
   *
   * @param seeds its history, or those of the same training from several seeds; without any,
   *     trainings are added by name
   * @throws IllegalArgumentException if there is no epoch, or none that all seeds have
   */
  public static LearningCurves of(String title, History... seeds) {
    ImmutableList<Training> one =
        seeds.length == 0
            ? ImmutableList.of()
            : ImmutableList.of(new Training("", "", ImmutableList.copyOf(seeds)));
    return new LearningCurves(title, one, ImmutableSet.of(), false);
  }

  /**
   * These with another training over them.
   *
   * @param name for the key
   * @param seeds its history, or those of the same training from several seeds
   * @throws IllegalArgumentException as {@link #of}, or if the name is there already
   */
  public LearningCurves history(String name, History... seeds) {
    return history(name, name, ImmutableList.copyOf(seeds));
  }

  /**
   * These with another training over them.
   *
   * @param name for the key
   * @param family trainings of one family have one colour and differ in dashes
   * @param seeds its history, or those of the same training from several seeds
   * @throws IllegalArgumentException as {@link #of}, or if the name is there already
   */
  public LearningCurves history(String name, String family, List<History> seeds) {
    if (name.isEmpty() || trainings.stream().anyMatch(t -> t.name().isEmpty())) {
      throw new IllegalArgumentException(
          "learning curves: expected a name for each of several trainings, received one without");
    }
    if (trainings.stream().anyMatch(t -> t.name().equals(name))) {
      throw new IllegalArgumentException(
          "learning curves: expected a name of its own for each training, received '%s' twice"
              .formatted(name));
    }
    ImmutableList<Training> more =
        ImmutableList.<Training>builder()
            .addAll(trainings)
            .add(new Training(name, family, ImmutableList.copyOf(seeds)))
            .build();
    return new LearningCurves(title, more, metrics, logarithmic);
  }

  /**
   * These columns alone.
   *
   * @param names as histories have them, such as {@code loss} and {@code val_loss}; by default all
   */
  public LearningCurves metrics(String... names) {
    return new LearningCurves(title, trainings, ImmutableSet.copyOf(names), logarithmic);
  }

  /** The losses on a logarithmic axis, but for those that are not above 0 throughout. */
  public LearningCurves logarithmic() {
    return new LearningCurves(title, trainings, metrics, true);
  }

  /**
   * The picture.
   *
   * @throws IllegalArgumentException if there is no training, if no history has one of the metrics,
   *     or if a column has not one value for each epoch, as with a validation frequency
   */
  public Picture picture() {
    if (trainings.isEmpty()) {
      throw new IllegalArgumentException(
          "learning curves: expected at least one training, received none");
    }
    ImmutableSet<String> columns = columns();
    boolean alone = trainings.get(0).name().isEmpty();
    List<EpochPanel> panels = alone ? together(columns) : apart(columns);
    return new CurvePanels(
            title,
            caption(),
            alone ? EpochPanel.partsKey(columns) : key(),
            inARow(panels, alone),
            panels.stream()
                .map(panel -> panel.drawn(panels, logarithmic))
                .collect(ImmutableList.toImmutableList()))
        .picture();
  }

  private ImmutableSet<String> columns() {
    ImmutableSet<String> all =
        trainings.stream()
            .flatMap(training -> training.metrics().stream())
            .collect(ImmutableSet.toImmutableSet());
    for (String metric : metrics) {
      if (!all.contains(metric)) {
        throw new IllegalArgumentException(
            "learning curves: expected metrics among %s, received '%s'".formatted(all, metric));
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "learning curves: expected at least one metric, received an empty history");
    }
    return metrics.isEmpty() ? all : metrics;
  }

  /** Metrics in the order of the histories, a learning rate last, each with its columns. */
  private static ImmutableSetMultimap<String, String> metrics(Set<String> columns) {
    ImmutableSetMultimap.Builder<String, String> metrics = ImmutableSetMultimap.builder();
    for (boolean rate : new boolean[] {false, true}) {
      Stream<String> some = columns.stream().filter(c -> EpochPanel.isRate(c) == rate);
      some.sorted((a, b) -> Boolean.compare(EpochPanel.isValidation(a), EpochPanel.isValidation(b)))
          .forEach(column -> metrics.put(EpochPanel.metric(column), column));
    }
    return metrics.build();
  }

  /** Training and validation of the one training in a panel for each metric. */
  private List<EpochPanel> together(Set<String> columns) {
    Training training = trainings.get(0);
    return metrics(columns).asMap().entrySet().stream()
        .map(
            metric ->
                new EpochPanel(
                    metric.getKey(),
                    EpochPanel.label(metric.getKey()),
                    metric.getValue().stream()
                        .map(c -> new EpochPanel.Line(EpochPanel.partLook(c), training.column(c)))
                        .toList()))
        .toList();
  }

  /** All trainings in a panel for each column. */
  private List<EpochPanel> apart(Set<String> columns) {
    List<Looks.Look> looks = looks();
    return metrics(columns).entries().stream()
        .map(
            column ->
                new EpochPanel(
                    column.getKey(),
                    EpochPanel.partLabel(column.getValue()),
                    IntStream.range(0, trainings.size())
                        .filter(i -> trainings.get(i).metrics().contains(column.getValue()))
                        .mapToObj(
                            i ->
                                new EpochPanel.Line(
                                    looks.get(i), trainings.get(i).column(column.getValue())))
                        .toList()))
        .toList();
  }

  private List<CurvePanels.Entry> key() {
    List<Looks.Look> looks = looks();
    return IntStream.range(0, trainings.size())
        .mapToObj(i -> new CurvePanels.Entry(trainings.get(i).name(), looks.get(i)))
        .toList();
  }

  /** Where no two trainings are of one family, dashes tell them apart, too. */
  private List<Looks.Look> looks() {
    List<String> families = trainings.stream().map(Training::family).distinct().toList();
    if (families.size() == trainings.size()) {
      return IntStream.range(0, trainings.size()).mapToObj(Looks::of).toList();
    }
    Map<String, Integer> members = new LinkedHashMap<>();
    return trainings.stream()
        .map(
            training -> {
              int family = families.indexOf(training.family());
              int member = members.merge(training.family(), 1, Integer::sum) - 1;
              return Looks.of(family, member + family / Looks.COLOURS.size());
            })
        .toList();
  }

  private String caption() {
    int[] seeds =
        trainings.stream()
            .mapToInt(training -> training.seeds().size())
            .distinct()
            .sorted()
            .toArray();
    int most = seeds[seeds.length - 1];
    return most == 1
        ? ""
        : "Mean of %s seeds, in a band from least to largest"
            .formatted(
                Arrays.stream(seeds)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(" or ")));
  }

  /** Pairs of training and validation stay beside each other. */
  private static int inARow(List<EpochPanel> panels, boolean alone) {
    long metrics = panels.stream().map(EpochPanel::metric).distinct().count();
    if (!alone && metrics < panels.size()) {
      return 2;
    }
    int count = panels.size();
    return count <= 3 ? count : count == 4 ? 2 : 3;
  }
}
