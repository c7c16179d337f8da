package dev.tfgraphs.savedmodel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.DepthwiseConv2D;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How PyTorch calls the weights of a model, and in which order their axes are. A layer holds what a
 * module of its name does, {@code layer1.0.conv1}, as torchvision and timm call modules; {@code
 * layer1_0_conv1} and, in a nested model, {@code layer1/0/conv1} are that name, too. What Hugging
 * Face calls otherwise stands in a table.
 */
final class TorchNames {
  /** What PyTorch calls a weight that Keras calls so. */
  private static final ImmutableMap<String, String> PARAMETERS =
      ImmutableMap.of(
          "kernel", "weight",
          "bias", "bias",
          "gamma", "weight",
          "beta", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  /**
   * Hugging Face's modules (transformers/models/resnet/modeling_resnet.py) and torchvision's. A
   * {@code #} is a number; in the second name {@code +} is the number after it.
   */
  private static final ImmutableList<Renaming> HUGGING_FACE =
      ImmutableList.of(
          Renaming.of("embedder.embedder.convolution", "conv1"),
          Renaming.of("embedder.embedder.normalization", "bn1"),
          Renaming.of("encoder.stages.#.layers.#.shortcut.convolution", "layer+.#.downsample.0"),
          Renaming.of("encoder.stages.#.layers.#.shortcut.normalization", "layer+.#.downsample.1"),
          Renaming.of("encoder.stages.#.layers.#.layer.#.convolution", "layer+.#.conv+"),
          Renaming.of("encoder.stages.#.layers.#.layer.#.normalization", "layer+.#.bn+"),
          Renaming.of("classifier.1", "fc"));

  /** How many batches a normalization has seen; only one without a momentum asks for it. */
  private static final String BATCHES = "num_batches_tracked";

  /** The weights by module and parameter, as {@link #key} writes them. */
  private final ImmutableListMultimap<String, Weight> weights;

  private final Flattened flattened;

  private TorchNames(ImmutableListMultimap<String, Weight> weights, Flattened flattened) {
    this.weights = weights;
    this.flattened = flattened;
  }

  /** Gives {@code plan} a tensor for each weight of {@code model} that is among {@code tensors}. */
  static void match(Model model, Iterable<StoredTensor> tensors, WeightPlan plan) {
    ImmutableListMultimap.Builder<String, Weight> weights = ImmutableListMultimap.builder();
    for (Weight weight : model.weights()) {
      String spec = weight.spec().name();
      String module = weight.path().substring(0, weight.path().length() - spec.length() - 1);
      weights.put(key(module, PARAMETERS.getOrDefault(spec, spec)), weight);
    }
    TorchNames names = new TorchNames(weights.build(), Flattened.in(model));
    tensors.forEach(tensor -> names.match(tensor, plan));
  }

  private void match(StoredTensor tensor, WeightPlan plan) {
    int dot = tensor.name().lastIndexOf('.');
    String module = tensor.name().substring(0, Math.max(dot, 0));
    String parameter = tensor.name().substring(dot + 1);
    ImmutableList<Weight> found = find(module, parameter);
    if (found.size() > 1) {
      plan.problem(
          tensor.name()
              + ": expected a name of one weight, received one of "
              + found.stream().map(Weight::path).toList());
    } else if (!found.isEmpty()) {
      plan.put(found.get(0).path(), arranged(tensor, found.get(0)));
    } else if (!countsBatches(tensor, module, parameter)) {
      plan.unused(tensor);
    }
  }

  private ImmutableList<Weight> find(String module, String parameter) {
    ImmutableList<Weight> direct = weights.get(key(module, parameter));
    return direct.isEmpty() ? weights.get(key(torchvision(module), parameter)) : direct;
  }

  private boolean countsBatches(StoredTensor tensor, String module, String parameter) {
    return parameter.equals(BATCHES)
        && tensor.type() == ElementType.INT64
        && tensor.shape().rank() == 0
        && !find(module, "running_mean").isEmpty();
  }

  private static String key(String module, String parameter) {
    return module.replace('/', '_').replace('.', '_') + " " + parameter;
  }

  /** The module as torchvision calls it, if {@code module} is one of Hugging Face's. */
  static String torchvision(String module) {
    String name = module.replaceFirst("^resnet\\.", "");
    return HUGGING_FACE.stream()
        .flatMap(renaming -> renaming.apply(name).stream())
        .findFirst()
        .orElse(module);
  }

  /** A module of one library under the name of another, with the same numbers. */
  private record Renaming(Pattern from, ImmutableList<String> to) {
    /** Of names with as many numbers, in the same order. */
    static Renaming of(String from, String to) {
      String pattern =
          Splitter.on('#')
              .splitToStream(from)
              .map(Pattern::quote)
              .collect(Collectors.joining("(\\d{1,4})"));
      return new Renaming(
          Pattern.compile(pattern), ImmutableList.copyOf(to.split("(?<=[#+])|(?=[#+])", -1)));
    }

    Optional<String> apply(String name) {
      Matcher matcher = from.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      StringBuilder renamed = new StringBuilder();
      int group = 1;
      for (String piece : to) {
        switch (piece) {
          case "#" -> renamed.append(Integer.parseInt(matcher.group(group++)));
          case "+" -> renamed.append(Integer.parseInt(matcher.group(group++)) + 1);
          default -> renamed.append(piece);
        }
      }
      return Optional.of(renamed.toString());
    }
  }

  /**
   * Kernels come as (out, in, height, width) and become (height, width, in, out); a depthwise one
   * is (in * multiplier, 1, height, width) and becomes (height, width, in, multiplier). Behind a
   * Flatten (out, in * height * width) becomes (height * width * in, out).
   */
  private StoredTensor arranged(StoredTensor tensor, Weight weight) {
    Shape stored = flattened.unfolded(weight.layer(), tensor.shape());
    int rank = stored.rank();
    if (!weight.spec().name().equals("kernel") || rank < 2) {
      return tensor;
    }
    boolean depthwise = weight.layer() instanceof DepthwiseConv2D;
    IntStream outer = depthwise ? IntStream.of(0, 1) : IntStream.of(1, 0);
    Transposition transposition =
        new Transposition(stored, IntStream.concat(IntStream.range(2, rank), outer).toArray());
    if (!stored.equals(tensor.shape())) {
      int out = stored.size(0);
      return tensor.arranged(Shape.of(tensor.shape().size(1), out), transposition::apply);
    }
    Shape shape = transposition.result();
    Shape wanted = weight.spec().shape();
    // (height, width, in * multiplier, 1) and what is wanted hold the same numbers in one order
    boolean split =
        depthwise
            && rank == 4
            && shape.size(3) == 1
            && shape.elements() == wanted.elements()
            && shape.with(2, wanted.size(2)).with(3, wanted.size(3)).equals(wanted);
    return tensor.arranged(split ? wanted : shape, transposition::apply);
  }
}
