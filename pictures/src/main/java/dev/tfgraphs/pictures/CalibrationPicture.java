package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A {@link Calibration} as a reliability diagram above a histogram. */
final class CalibrationPicture {
  private static final int RELIABILITY = 380;
  private static final int HISTOGRAM = 180;

  /** How opaque the gaps are, of 255. */
  private static final int SHADE = 0x50;

  private static final Looks.Look PERFECT =
      new Looks.Look(Looks.GREY, Looks.line(2, 3), SeriesMarkers.NONE);
  private static final Looks.Look MEASURED = Looks.of(0);

  private CalibrationPicture() {}

  static Picture of(String title, Calibration calibration) {
    String caption =
        String.format(
            Locale.ROOT,
            "Expected calibration error: %.2f %% over %,d samples",
            100 * calibration.error(),
            calibration.samples());
    List<CurvePanels.Entry> key =
        List.of(
            new CurvePanels.Entry("measured", MEASURED),
            new CurvePanels.Entry("as often as said", PERFECT));
    return new CurvePanels(
            title, caption, key, 1, ImmutableList.of(reliability(calibration), counts(calibration)))
        .picture();
  }

  private static CurvePanels.Panel reliability(Calibration calibration) {
    double[] said = calibration.bins().stream().mapToDouble(Calibration.Bin::probability).toArray();
    double[] came = calibration.bins().stream().mapToDouble(Calibration.Bin::frequency).toArray();
    double[] ends = {0, 1};
    return new CurvePanels.Panel(
        RELIABILITY,
        CurvePanels.Axis.part("Mean probability"),
        aligned("Part that is right", -0.025, 1.025),
        calibration.bins().stream()
            .map(bin -> bar(bin, bin.probability(), bin.frequency(), Looks.ORANGE))
            .collect(ImmutableList.toImmutableList()),
        ImmutableList.of(
            CurvePanels.Curve.unmarked(PERFECT, ends, ends),
            new CurvePanels.Curve(MEASURED, said, came, true)),
        "");
  }

  private static CurvePanels.Panel counts(Calibration calibration) {
    double most =
        calibration.bins().stream().mapToDouble(bin -> share(calibration, bin)).max().orElse(1);
    return new CurvePanels.Panel(
        HISTOGRAM,
        CurvePanels.Axis.part("Probability"),
        aligned("Part of samples", 0, 1.05 * most),
        calibration.bins().stream()
            .map(bin -> bar(bin, 0, share(calibration, bin), Looks.BLUE))
            .collect(ImmutableList.toImmutableList()),
        ImmutableList.of(),
        "");
  }

  private static double share(Calibration calibration, Calibration.Bin bin) {
    return (double) bin.count() / calibration.samples();
  }

  /** Labels of one width, for what is above each other to be so exactly. */
  private static CurvePanels.Axis aligned(String label, double from, double to) {
    return new CurvePanels.Axis(
        label,
        from,
        to,
        30,
        to < 0.05 ? Looks::number : value -> String.format(Locale.ROOT, "%.2f", value));
  }

  /** A little narrower than the bin, so that there is white between two. */
  private static CurvePanels.Area bar(Calibration.Bin bin, double from, double to, Color colour) {
    double little = (bin.to() - bin.from()) / 20;
    double left = bin.from() + little;
    double right = bin.to() - little;
    return new CurvePanels.Area(
        Looks.faint(colour, SHADE),
        new double[] {left, left, right, right},
        new double[] {from, to, to, from});
  }
}
