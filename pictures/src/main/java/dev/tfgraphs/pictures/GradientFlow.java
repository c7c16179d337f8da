package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GradientHistory;
import dev.tfgraphs.graphs.GradientNorms;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * How strong gradients arrive at the layers of networks, on axes on which a step is a factor. Each
 * picture names layers that are dead or explode ({@link GradientNorms#dead}, {@link
 * GradientNorms#exploding}). It shows the weights that the norms have: {@code norms.only("kernel")}
 * leaves biases and normalization out.
 */
public final class GradientFlow {
  /** As many names as tell where to look. */
  private static final int NAMED = 8;

  private static final long FACTOR = Math.round(GradientNorms.FACTOR);

  private static final String NONE =
      "no layer is dead or explodes: all are within 1/"
          + FACTOR
          + " and "
          + FACTOR
          + " times the median";

  private GradientFlow() {}

  /**
   * A bar for each weight, from the input to the output, in a colour and with a marker for each
   * kind of weight. Of more than 120 weights each kind has a panel of its own.
   *
   * @throws IllegalArgumentException if there is no weight
   */
  public static Picture bars(String title, GradientNorms norms) {
    check(List.of(norms));
    return new WeightBars(title, findings("", norms), norms).picture();
  }

  /**
   * The norms of networks at each depth, as bars side by side.
   *
   * @param networks norms by the name of their network, such as "With Identity"
   * @throws IllegalArgumentException if there is no network, or one without weights
   */
  public static Picture bars(String title, Map<String, GradientNorms> networks) {
    check(networks.values());
    return new DepthChart(title, findings(networks), networks).bars();
  }

  /**
   * The norms of networks over the depth, as lines with markers.
   *
   * @param networks norms by the name of their network, such as "With Identity"
   * @throws IllegalArgumentException if there is no network, or one without weights
   */
  public static Picture lines(String title, Map<String, GradientNorms> networks) {
    check(networks.values());
    return new DepthChart(title, findings(networks), networks).lines();
  }

  /**
   * The norms of each depth over the steps of a training, as colours. Layers are named that are
   * dead or explode in the last recorded step.
   *
   * @throws IllegalArgumentException if nothing was recorded
   */
  public static Picture heatMap(String title, GradientHistory history) {
    check(history.norms().values());
    ImmutableList<GradientNorms> norms = history.norms().values().asList();
    GradientNorms last = norms.get(norms.size() - 1);
    List<String> findings = findings("Step " + history.norms().lastKey() + ": ", last);
    return new FlowHeatMap(title, findings, history).picture();
  }

  private static void check(Collection<GradientNorms> norms) {
    if (norms.isEmpty()) {
      throw new IllegalArgumentException(
          "gradient flow: expected norms of gradients, received none");
    }
    if (norms.stream().anyMatch(each -> each.weights().isEmpty())) {
      throw new IllegalArgumentException(
          "gradient flow: expected the norm of a weight or more, received that of none");
    }
  }

  private static List<String> findings(Map<String, GradientNorms> networks) {
    List<String> lines = new ArrayList<>();
    networks.forEach((name, norms) -> lines.addAll(found(name + ": ", norms)));
    return lines.isEmpty() ? List.of(NONE) : lines;
  }

  private static List<String> findings(String subject, GradientNorms norms) {
    List<String> lines = found(subject, norms);
    return lines.isEmpty() ? List.of(subject + NONE) : lines;
  }

  /** What there is to see, in words. */
  private static List<String> found(String subject, GradientNorms norms) {
    List<String> lines = new ArrayList<>();
    if (!norms.dead().isEmpty()) {
      lines.add(
          subject
              + "dead, at most 1/"
              + FACTOR
              + " of the median of norms above 0: "
              + named(norms.dead().keySet().asList()));
    }
    if (!norms.exploding().isEmpty()) {
      lines.add(
          subject
              + "exploding, not finite or "
              + FACTOR
              + " times the median of norms above 0 or more: "
              + named(norms.exploding().keySet().asList()));
    }
    return lines;
  }

  private static String named(List<String> layers) {
    int more = layers.size() - NAMED;
    return more <= 1
        ? String.join(", ", layers)
        : String.join(", ", layers.subList(0, NAMED)) + " and " + more + " more";
  }
}
