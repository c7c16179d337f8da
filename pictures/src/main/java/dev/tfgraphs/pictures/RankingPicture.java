package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Curves over all thresholds, of classes and their averages, in a square. */
final class RankingPicture {
  private static final int HEIGHT = 440;

  /** More curves than that are not told apart. */
  private static final int MOST_NAMED = 10;

  private static final int WORST = 5;

  /** About as many points as the plot has on a side. */
  private static final int FINENESS = 400;

  private static final Looks.Look MACRO =
      new Looks.Look(Looks.INK, Looks.line(10, 4), SeriesMarkers.NONE);
  private static final Looks.Look MICRO =
      new Looks.Look(Looks.INK, Looks.line(), SeriesMarkers.NONE);
  private static final Looks.Look OTHERS =
      new Looks.Look(Looks.FRAME, Looks.line(), SeriesMarkers.NONE);
  private static final Looks.Look CHANCE =
      new Looks.Look(Looks.GREY, Looks.line(2, 3), SeriesMarkers.NONE);

  /** A curve, with the number that the key says of it. */
  @SuppressWarnings("ArrayRecordComponent") // neither changed nor compared
  private record Rated(String name, double[] x, double[] y, double value) {
    static Rated of(String name, RocCurve curve) {
      return new Rated(
          name,
          curve.falsePositiveRates().toArray(),
          curve.truePositiveRates().toArray(),
          curve.area());
    }

    /** In steps, since there is nothing between two thresholds. */
    static Rated of(String name, PrecisionRecallCurve curve) {
      double[] x = new double[2 * curve.recalls().length() - 1];
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = curve.recalls().get((i + 1) / 2);
        y[i] = curve.precisions().get(i / 2);
      }
      return new Rated(name, x, y, curve.averagePrecision());
    }

    CurvePanels.Entry entry(Looks.Look look) {
      return new CurvePanels.Entry(String.format(Locale.ROOT, "%s  %.3f", name, value), look);
    }

    /** Without points that lie where the one before does: there may be a million. */
    CurvePanels.Curve drawn(Looks.Look look, boolean marked) {
      int[] seen =
          IntStream.range(0, x.length)
              .filter(i -> i == 0 || i == x.length - 1 || isElsewhere(i))
              .toArray();
      return new CurvePanels.Curve(
          look,
          IntStream.of(seen).mapToDouble(i -> x[i]).toArray(),
          IntStream.of(seen).mapToDouble(i -> y[i]).toArray(),
          marked);
    }

    private boolean isElsewhere(int i) {
      return cell(x[i]) != cell(x[i - 1]) || cell(y[i]) != cell(y[i - 1]);
    }

    private static long cell(double part) {
      return Math.round(part * FINENESS);
    }
  }

  private final List<CurvePanels.Entry> key = new ArrayList<>();
  private final ImmutableList.Builder<CurvePanels.Curve> curves = ImmutableList.builder();

  private RankingPicture() {}

  static Picture roc(String title, ClassScores scores) {
    List<RocCurve> curves = new ArrayList<>();
    List<Rated> classes = new ArrayList<>();
    for (int label : labels(scores, label -> isDivided(scores, label))) {
      curves.add(scores.roc(label));
      classes.add(Rated.of(scores.names().get(label), scores.roc(label)));
    }
    if (classes.isEmpty()) {
      throw new IllegalArgumentException(
          "ROC curves: expected samples of two classes or more, received those of one");
    }
    RankingPicture picture = new RankingPicture();
    picture.curves.add(chance(0, 1));
    picture.addClasses(classes);
    if (scores.names().size() > 2) {
      picture.add(Rated.of("macro average", RocCurve.mean(curves)), MACRO);
      picture.add(Rated.of("micro average", scores.roc()), MICRO);
    }
    return picture.drawn(title, "areas", "False positive rate", "True positive rate");
  }

  static Picture precisionRecall(String title, ClassScores scores) {
    List<Rated> classes = new ArrayList<>();
    for (int label : labels(scores, label -> scores.count(label) > 0)) {
      classes.add(Rated.of(scores.names().get(label), scores.precisionRecall(label)));
    }
    if (classes.isEmpty()) {
      throw new IllegalArgumentException(
          "precision-recall curves: expected samples of the second class, received none");
    }
    boolean two = scores.names().size() == 2;
    RankingPicture picture = new RankingPicture();
    double share = two ? (double) scores.count(1) / scores.samples() : 1.0 / scores.names().size();
    picture.curves.add(chance(share, share));
    picture.addClasses(classes);
    if (!two) {
      picture.add(Rated.of("micro average", scores.precisionRecall()), MICRO);
    }
    return picture.drawn(title, "average precisions", "Recall", "Precision");
  }

  /** Of two classes one says it all. */
  private static int[] labels(ClassScores scores, IntPredicate possible) {
    int first = scores.names().size() == 2 ? 1 : 0;
    return IntStream.range(first, scores.names().size()).filter(possible).toArray();
  }

  private static boolean isDivided(ClassScores scores, int label) {
    return scores.count(label) > 0 && scores.count(label) < scores.samples();
  }

  private static CurvePanels.Curve chance(double from, double to) {
    return CurvePanels.Curve.unmarked(CHANCE, new double[] {0, 1}, new double[] {from, to});
  }

  private void add(Rated curve, Looks.Look look) {
    key.add(curve.entry(look));
    curves.add(curve.drawn(look, true));
  }

  private void addClasses(List<Rated> classes) {
    List<Rated> named = classes;
    if (classes.size() > MOST_NAMED) {
      List<Rated> worst =
          classes.stream().sorted(Comparator.comparingDouble(Rated::value)).limit(WORST).toList();
      List<Rated> others = classes.stream().filter(each -> !worst.contains(each)).toList();
      others.forEach(each -> curves.add(each.drawn(OTHERS, false)));
      named = worst;
    }
    for (int i = 0; i < named.size(); i++) {
      add(named.get(i), Looks.of(i));
    }
    if (named.size() < classes.size()) {
      key.add(new CurvePanels.Entry(classes.size() - named.size() + " other classes", OTHERS));
    }
  }

  private Picture drawn(String title, String values, String x, String y) {
    CurvePanels.Panel panel =
        new CurvePanels.Panel(
            HEIGHT,
            CurvePanels.Axis.part(x),
            CurvePanels.Axis.part(y),
            ImmutableList.of(),
            curves.build(),
            "");
    String caption = "Classes and their " + values + "; grey dots: chance";
    return new CurvePanels(title, caption, key, 1, ImmutableList.of(panel)).picture();
  }
}
