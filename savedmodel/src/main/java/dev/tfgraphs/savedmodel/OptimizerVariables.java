package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Iterables;
import com.google.common.collect.LinkedListMultimap;
import com.google.common.collect.ListMultimap;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.OptimizerWeights.LossScaling;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An optimizer's variables as a file has them: its steps, its rate where the file keeps one, and
 * what is kept for each weight.
 *
 * @param names what the file calls the others, without folders before the last
 * @param others all but the steps, in the order of the file
 * @param scaling what scales the loss, if something does
 */
record OptimizerVariables(
    Order order,
    long iteration,
    ImmutableList<String> names,
    ImmutableList<HostTensor> others,
    Optional<LossScaling> scaling) {
  /** What a file has before the optimizer whose loss is scaled. */
  private static final int SCALING = 4;

  /** How a Keras orders them. */
  enum Order {
    /** Keras 3: a rate that follows no schedule comes before what is kept for each weight. */
    KERAS3,
    /** Keras 2.11 and later: the rate is in the config only. */
    KERAS2,
    /** Keras before 2.11: so too, and all of a kind before the next, {@code Adam/a/kernel/m:0}. */
    KINDS
  }

  /** What Keras 3 calls the kinds of Keras before 2.11; two of them by the optimizer. */
  private static final ImmutableListMultimap<String, String> KINDS =
      ImmutableListMultimap.<String, String>builder()
          .put("m", "momentum")
          .putAll("v", "velocity", "norm")
          .put("vhat", "velocity_hat")
          .put("rms", "velocity")
          .put("momentum", "momentum")
          .put("mg", "average_gradient")
          .put("accumulator", "accumulator")
          .put("accum_grad", "accumulated_grad")
          .put("accum_var", "accumulated_delta_var")
          .put("linear", "linear")
          .build();

  /**
   * Those of a {@code .keras} file, which has numbers in the place of names.
   *
   * @param where how errors call their place
   */
  static OptimizerVariables numbered(String where, List<StoredTensor> tensors) throws IOException {
    return of(where, Order.KERAS3, tensors);
  }

  /**
   * These, whose loss is scaled, with what an optimizer around theirs keeps for that.
   *
   * @param outer the variables of the outer one, with or without those of the inner one
   */
  OptimizerVariables scaledBy(String where, List<StoredTensor> outer) throws IOException {
    return outer.size() < SCALING
        ? this
        : new OptimizerVariables(order, iteration, names, others, scaling(where, outer));
  }

  private static Optional<LossScaling> scaling(String where, List<StoredTensor> outer)
      throws IOException {
    StoredTensor scale = outer.get(3);
    if (scale.shape().rank() != 0) {
      throw new ModelFileException(
          where + ": expected the number that scales the loss, received " + scale);
    }
    try {
      return Optional.of(new LossScaling(outer.get(2).readInteger(), scale.read().values()[0]));
    } catch (ModelFileException | GraphException e) {
      throw new ModelFileException(where + ": " + e.getMessage(), e);
    }
  }

  /** Those of a trainer. */
  static OptimizerVariables of(OptimizerWeights optimizer) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    ImmutableList.Builder<HostTensor> others = ImmutableList.builder();
    optimizer
        .learningRate()
        .ifPresent(
            rate -> {
              names.add("learning_rate");
              others.add(new HostTensor(Shape.of(), new float[] {(float) rate}));
            });
    names.addAll(optimizer.slots().keySet());
    others.addAll(optimizer.slots().values());
    return new OptimizerVariables(
        Order.KERAS3,
        optimizer.iteration(),
        names.build(),
        others.build(),
        optimizer.lossScaling());
  }

  /**
   * Those of a whole model in HDF5.
   *
   * @param where how errors call their place
   * @throws ModelFileException if they are called as no Keras 2 or 3 calls them
   */
  static OptimizerVariables named(String where, List<StoredTensor> tensors) throws IOException {
    String first = last(tensors.get(0));
    Order order =
        switch (first) {
          case "iteration" -> Order.KERAS3;
          case "iteration:0" -> Order.KERAS2;
          case "iter:0" -> Order.KINDS;
          default ->
              throw new ModelFileException(
                  where
                      + ": expected the steps of an optimizer first (iteration or iter:0), received"
                      + " "
                      + tensors.get(0).name());
        };
    int inner = order == Order.KERAS3 ? inner(tensors) : 0;
    OptimizerVariables variables =
        of(where, order, tensors.subList(inner, tensors.size()))
            .scaledBy(where, tensors.subList(0, inner));
    for (String name : variables.names()) {
      if (order == Order.KINDS && !KINDS.containsKey(kind(name))) {
        throw new ModelFileException(
            where + ": expected variables of kinds " + KINDS.keySet() + ", received " + name);
      }
    }
    return variables;
  }

  /** Where the variables of an optimizer begin whose loss is scaled by another one. */
  private static int inner(List<StoredTensor> tensors) {
    return 1
        + Iterables.indexOf(Iterables.skip(tensors, 1), tensor -> last(tensor).equals("iteration"));
  }

  private static OptimizerVariables of(String where, Order order, List<StoredTensor> tensors)
      throws IOException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    ImmutableList.Builder<HostTensor> others = ImmutableList.builder();
    for (StoredTensor tensor : Iterables.skip(tensors, 1)) {
      names.add(last(tensor));
      others.add(tensor.read());
    }
    try {
      return new OptimizerVariables(
          order, tensors.get(0).readInteger(), names.build(), others.build(), Optional.empty());
    } catch (ModelFileException e) {
      throw new ModelFileException(where + ": " + e.getMessage(), e);
    }
  }

  private static String last(StoredTensor tensor) {
    return tensor.name().substring(tensor.name().lastIndexOf('/') + 1);
  }

  private static String kind(String name) {
    int end = name.indexOf(':');
    return end < 0 ? name : name.substring(0, end);
  }

  /**
   * These as the variables of an optimizer that has {@code own} now. Keras makes what it keeps for
   * weights when training begins; before, there are only the rate and no steps.
   *
   * @throws ModelFileException if there is no rate where there has to be one
   * @throws dev.tfgraphs.graphs.GraphException if they are those of another optimizer
   */
  OptimizerWeights fitted(OptimizerWeights own) {
    boolean rateIsHere = order == Order.KERAS3 && own.learningRate().isPresent();
    if (rateIsHere && others.isEmpty()) {
      throw new ModelFileException(
          "Keras model: expected the optimizer's learning_rate, received no more than its"
              + " iteration");
    }
    OptionalDouble rate =
        rateIsHere ? OptionalDouble.of(others.get(0).values()[0]) : own.learningRate();
    List<HostTensor> slots = others.subList(rateIsHere ? 1 : 0, others.size());
    if (slots.isEmpty() && iteration == 0) {
      slots = own.slots().values().asList();
    } else if (order == Order.KINDS && slots.size() == own.slots().size()) {
      slots = inOrderOf(own.slots().keySet().asList());
    }
    OptimizerWeights fitted = own.with(iteration, rate, slots);
    return own.lossScaling().isPresent() ? scaling.map(fitted::lossScaling).orElse(fitted) : fitted;
  }

  /** The variables of the optimizer that scales the loss, without those of the other. */
  ImmutableList<StoredTensor> outer() {
    return scaling
        .map(
            each ->
                ImmutableList.of(
                    StoredTensor.of("iteration", 0),
                    number("learning_rate", 0),
                    StoredTensor.of("step_counter", each.stepCounter()),
                    number("dynamic_scale", (float) each.dynamicScale())))
        .orElse(ImmutableList.of());
  }

  private static StoredTensor number(String name, float value) {
    return StoredTensor.of(name, new HostTensor(Shape.of(), new float[] {value}));
  }

  /** Whether they are in the order of Keras 3. */
  boolean areOfKeras3() {
    return order == Order.KERAS3;
  }

  /** The variables in the order of the file, without those that scale the loss. */
  ImmutableList<StoredTensor> tensors() {
    ImmutableList.Builder<StoredTensor> tensors = ImmutableList.builder();
    tensors.add(StoredTensor.of("iteration", iteration));
    for (int i = 0; i < names.size(); i++) {
      tensors.add(StoredTensor.of(names.get(i), others.get(i)));
    }
    return tensors.build();
  }

  /** The slots of each kind go in turn to those that are called so. */
  private List<HostTensor> inOrderOf(List<String> wanted) {
    ListMultimap<String, HostTensor> kinds = LinkedListMultimap.create();
    for (int i = 0; i < names.size(); i++) {
      for (String kind : KINDS.get(kind(names.get(i)))) {
        kinds.put(kind, others.get(i));
      }
    }
    ImmutableList.Builder<HostTensor> slots = ImmutableList.builder();
    for (String name : wanted) {
      List<HostTensor> left =
          kinds.keySet().stream()
              .filter(kind -> name.endsWith("_" + kind))
              .findFirst()
              .map(kinds::get)
              .orElseThrow(
                  () ->
                      new ModelFileException(
                          "Keras model: expected the optimizer's %s, received no more than %s"
                              .formatted(name, kinds.keySet())));
      slots.add(left.remove(0));
    }
    return slots.build();
  }
}
