package dev.tfgraphs.graphs;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The numbers of a model: a value, by the names {@code conv1_conv/kernel} in Keras's order.
 *
 * @param tensors the weights by name
 */
public record Weights(ImmutableMap<String, HostTensor> tensors) {
  /** {@return weights of the given names} */
  public static Weights of(Map<String, HostTensor> tensors) {
    return new Weights(ImmutableMap.copyOf(tensors));
  }

  /**
   * {@return the weight called {@code name}}
   *
   * @throws GraphException if there is none
   */
  public HostTensor get(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new GraphException(
          "weights: expected the name of a weight, received '"
              + name
              + "'"
              + near(name, tensors.keySet()));
    }
    return tensor;
  }

  /** {@return whether every number in them is finite} */
  public boolean areFinite() {
    return notFinite().isEmpty();
  }

  /**
   * {@code ; near: a, b (of 320)} with at most three names, those that begin most like the wrong
   * one; or only how many there are.
   */
  static String near(String wrong, Collection<String> names) {
    List<String> near =
        names.stream()
            .filter(name -> shared(wrong, name) > 0)
            .sorted(Comparator.comparingInt((String name) -> -shared(wrong, name)))
            .limit(3)
            .toList();
    return near.isEmpty()
        ? "; there are " + names.size()
        : "; near: " + String.join(", ", near) + " (of " + names.size() + ")";
  }

  private static int shared(String a, String b) {
    return Strings.commonPrefix(a, b).length();
  }

  /** The names of weights in which are infinities or what is no number. */
  List<String> notFinite() {
    return tensors.entrySet().stream()
        .filter(entry -> !entry.getValue().isFinite())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Checks that these are exactly the weights of {@code model}.
   *
   * @throws GraphException if any is missing, unused or of another shape; the message lists all
   */
  public void checkFit(Model model) {
    List<String> problems = new ArrayList<>();
    Set<String> unused = new HashSet<>(tensors.keySet());
    for (Weight weight : model.weights()) {
      HostTensor tensor = tensors.get(weight.path());
      unused.remove(weight.path());
      if (tensor == null) {
        problems.add("missing " + weight.path() + " " + weight.spec().shape());
      } else if (!tensor.shape().equals(weight.spec().shape())) {
        problems.add(
            weight.path() + ": expected " + weight.spec().shape() + ", received " + tensor.shape());
      }
    }
    unused.stream().sorted().forEach(name -> problems.add("unused " + name));
    if (!problems.isEmpty()) {
      throw new GraphException(
          "weights: expected those of the model, received others:\n  "
              + String.join("\n  ", problems));
    }
  }
}
