package dev.tfgraphs.graphs;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

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
   * {@return the first weights of a model, those that Keras 3 draws after {@code
   * keras.utils.set_random_seed(seed)}}
   */
  public static Weights initial(Model model, long seed) {
    try (Owner owner = new Owner("initial weights")) {
      Graph graph = owner.own(new Graph());
      Lowering lowering = Lowering.of(Ops.create(graph), model, seed);
      Session session = owner.own(Devices.session(graph, Device.CPU));
      session.initialize();
      return Runs.weights(session, lowering.variables().all());
    }
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

  /**
   * {@return these weights with those of {@code part} in the place of theirs} For a network built
   * on another: {@code trainer.assign(trainer.weights().with(WeightFiles.read(file, base)))}.
   *
   * @throws GraphException if {@code part} has a name that these do not have, or a weight of
   *     another shape
   */
  public Weights with(Weights part) {
    Map<String, HostTensor> changed = new LinkedHashMap<>(tensors);
    part.tensors.forEach(
        (name, tensor) -> {
          Shape expected = get(name).shape();
          if (!tensor.shape().equals(expected)) {
            throw new GraphException(
                "weights: expected %s %s, received %s".formatted(name, expected, tensor.shape()));
          }
          changed.put(name, tensor);
        });
    return of(changed);
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
    ImmutableMap<String, String> misfits =
        misfits(model, Maps.transformValues(tensors, HostTensor::shape));
    if (!misfits.isEmpty()) {
      throw new GraphException(
          "weights: expected those of the model, received others:\n  "
              + String.join("\n  ", misfits.values()));
    }
  }

  /**
   * {@return those of these weights that {@code model} has: for a part of the network that they are
   * of, such as {@code network.tap(name)}}
   *
   * @throws GraphException if one is missing or of another shape
   */
  public Weights part(Model model) {
    Weights part =
        new Weights(
            model.weights().stream()
                .map(Weight::path)
                .filter(tensors::containsKey)
                .collect(ImmutableMap.toImmutableMap(path -> path, this::get)));
    part.checkFit(model);
    return part;
  }

  /**
   * {@return what keeps weights of these names and shapes from being those of {@code model}: a line
   * for each name that is missing or of another shape, in the model's order, and for each that the
   * model does not have, sorted}
   */
  public static ImmutableMap<String, String> misfits(Model model, Map<String, Shape> given) {
    ImmutableMap.Builder<String, Shape> wanted = ImmutableMap.builder();
    model.weights().forEach(weight -> wanted.put(weight.path(), weight.spec().shape()));
    return misfits(wanted.buildOrThrow(), given);
  }

  /** As {@link #misfits(Model, Map)}, where these are the names and shapes that are wanted. */
  static ImmutableMap<String, String> misfits(Map<String, Shape> wanted, Map<String, Shape> given) {
    ImmutableMap.Builder<String, String> misfits = ImmutableMap.builder();
    wanted.forEach(
        (name, shape) -> {
          Shape received = given.get(name);
          if (received == null) {
            misfits.put(name, "missing " + name + " " + shape);
          } else if (!received.equals(shape)) {
            misfits.put(name, name + ": expected " + shape + ", received " + received);
          }
        });
    ImmutableSortedSet.copyOf(Sets.difference(given.keySet(), wanted.keySet()))
        .forEach(name -> misfits.put(name, "unused " + name));
    return misfits.buildOrThrow();
  }
}
