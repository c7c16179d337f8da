package dev.tfgraphs.graphs;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.collect.ImmutableSortedMap.toImmutableSortedMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.math.Quantiles;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.ops.Model;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;

/**
 * How strong gradients arrive at weights: the Euclidean norm of each weight's gradient. All come
 * from one backward pass, and only norms leave TensorFlow. Vanishing gradients show as norms that
 * fall from the last layers to the first.
 *
 * @param weights those that train, in the order of the model
 */
public record GradientNorms(ImmutableList<OfWeight> weights) {
  /**
   * How far from the median of the layers at which something arrives a layer is dead, and how far
   * it explodes.
   */
  public static final double FACTOR = 1000;

  /**
   * The norm of a weight's gradient.
   *
   * @param name the weight's, {@code conv1_conv/kernel}
   * @param depth how many layers with kernels the longest way from an input to the end of the
   *     weight's layer goes through, so that the last of a ResNet-50 has the depth 50; of a layer
   *     that is used more than once, the least
   * @param norm not negative; infinite or NaN if the gradient is
   */
  public record OfWeight(String name, int depth, double norm) {
    /**
     * A norm.
     *
     * @throws GraphException if {@code depth} or {@code norm} is negative
     */
    public OfWeight {
      if (depth < 0 || norm < 0) {
        throw new GraphException(
            "gradient norms: expected a depth and a norm of 0 or more for '%s', received %d and %s"
                .formatted(name, depth, norm));
      }
    }

    /** {@return the name of its layer, inside nested models behind theirs} */
    public String layer() {
      return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /** {@return what it is in its layer: {@code kernel}, {@code bias}, {@code gamma}, ...} */
    public String kind() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  /**
   * {@return the norms with respect to the loss of a batch, in training mode, without clipping or
   * scaling; nothing is changed, and the caller closes the batch}
   *
   * @throws GraphException if the batch does not fit, if nothing trains, or if the loss is no
   *     finite number
   */
  public static GradientNorms ofLoss(Trainer trainer, Batch batch) {
    return trainer.gradientNorms(batch);
  }

  /**
   * {@return the norms with respect to the mean of what the model makes of some samples, in
   * inference mode; of several outputs, the sum of their means}
   *
   * @param weights exactly those of the model; {@link Weights#initial} draws Keras's first ones
   * @param inputs {@code (batch, ...)}, one for each input of the model
   * @throws GraphException if weights or inputs do not fit, or if a weight that trains is not
   *     reached
   */
  public static GradientNorms ofOutputs(Model model, Weights weights, HostTensor... inputs) {
    return ScalarGradients.ofMeans(model, weights, inputs);
  }

  /**
   * As {@link #ofOutputs}, with respect to a scalar of one's own: {@code of(model, weights, (tf,
   * net) -> tf.math.mean(tf.math.square(net.output("head")), tf.array(0, 1)), images)}.
   *
   * @throws GraphException also if what {@code scalar} makes is no scalar of the model's graph
   */
  public static GradientNorms of(
      Model model, Weights weights, ScalarFunction scalar, HostTensor... inputs) {
    return ScalarGradients.of(model, weights, scalar, inputs);
  }

  /** {@return the norms by the names of weights, in the order of the model} */
  public ImmutableMap<String, Double> byWeight() {
    return weights.stream().collect(toImmutableMap(OfWeight::name, OfWeight::norm));
  }

  /**
   * {@return the norm of all weights of each layer together, by the names of layers and in the
   * order of the model}
   */
  public ImmutableMap<String, Double> byLayer() {
    return weights.stream()
        .collect(toImmutableMap(OfWeight::layer, OfWeight::norm, GradientNorms::together));
  }

  /** {@return the norm of all weights of each depth together, from the first to the last} */
  public ImmutableSortedMap<Integer, Double> byDepth() {
    return weights.stream()
        .collect(
            toImmutableSortedMap(
                Comparator.naturalOrder(),
                OfWeight::depth,
                OfWeight::norm,
                GradientNorms::together));
  }

  /** Squares of what a double holds of float32 are numbers. */
  private static double together(double one, double another) {
    return Math.sqrt(one * one + another * another);
  }

  /**
   * {@return the norms of weights of some kinds alone, such as {@code kernel}}
   *
   * @throws GraphException if there is none of one of them
   */
  public GradientNorms only(String... kinds) {
    List<String> wanted = List.of(kinds);
    List<String> there = weights.stream().map(OfWeight::kind).distinct().toList();
    for (String kind : wanted) {
      if (!there.contains(kind)) {
        throw new GraphException(
            "gradient norms: expected one of %s, received '%s'".formatted(there, kind));
      }
    }
    return new GradientNorms(
        weights.stream()
            .filter(weight -> wanted.contains(weight.kind()))
            .collect(toImmutableList()));
  }

  /**
   * {@return the layers at which next to nothing arrives, with their norms: 0, or at most a {@link
   * #FACTOR}th of the median of the finite norms above 0}
   */
  public ImmutableMap<String, Double> dead() {
    double most = median() / FACTOR;
    return layers(norm -> norm <= most);
  }

  /**
   * {@return the layers at which too much arrives, with their norms: at least {@link #FACTOR} times
   * the median of the finite norms above 0, or what is no finite number}
   */
  public ImmutableMap<String, Double> exploding() {
    double least = median() * FACTOR;
    return layers(norm -> !Double.isFinite(norm) || (norm > 0 && norm >= least));
  }

  private ImmutableMap<String, Double> layers(DoublePredicate wanted) {
    return byLayer().entrySet().stream()
        .filter(layer -> wanted.test(layer.getValue()))
        .collect(toImmutableMap(layer -> layer.getKey(), layer -> layer.getValue()));
  }

  /** Dead layers have no say in it: where they are most, it would be 0, and all others explode. */
  private double median() {
    List<Double> alive =
        byLayer().values().stream()
            .filter(norm -> norm > 0 && Double.isFinite(norm))
            .collect(Collectors.toList());
    return alive.isEmpty() ? 0 : Quantiles.median().compute(alive);
  }

  /** The same weights with other norms, in their order. */
  GradientNorms with(List<Double> norms) {
    ImmutableList.Builder<OfWeight> changed = ImmutableList.builder();
    for (int i = 0; i < weights.size(); i++) {
      changed.add(new OfWeight(weights.get(i).name(), weights.get(i).depth(), norms.get(i)));
    }
    return new GradientNorms(changed.build());
  }
}
