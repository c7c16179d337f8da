package dev.tfgraphs.graphs;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Table;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Output;

/** An optimizer's variables, in the order and under the names that Keras gives them. */
final class OptimizerState {
  /** A variable called {@code name}, {@code adam/conv1_conv_kernel_momentum}. */
  record Entry(String name, Resource resource) {}

  private final Emitter e;
  private final String optimizer;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Resource> scratch = new ArrayList<>();
  private final Table<Variable, String, Resource> slots = HashBasedTable.create();

  /** The variables of the optimizer called {@code optimizer}, none yet. */
  OptimizerState(Emitter e, String optimizer) {
    this.e = e.under(optimizer);
    this.optimizer = optimizer;
  }

  /** Adds a whole number, which starts as 0. */
  Resource counter(String name) {
    return scalar(name, e.under(name).initializing().scalar(0L));
  }

  /** Adds a number. */
  Resource scalar(String name, float first) {
    return scalar(name, e.under(name).initializing().scalar(first));
  }

  private Resource scalar(String name, Output<?> first) {
    Resource resource = Resource.create(e, name, Shape.of(), first);
    entries.add(new Entry(optimizer + "/" + name, resource));
    return resource;
  }

  /** Adds slots of zeros for each weight: {@code a1, b1, a2, b2}. */
  void zeros(Collection<Variable> variables, String... names) {
    slots(variables, ImmutableMap.copyOf(Maps.toMap(Arrays.asList(names), name -> 0f)));
  }

  /** Adds slots for each weight, by name and first value. */
  void slots(Collection<Variable> variables, ImmutableMap<String, Float> named) {
    for (Variable variable : variables) {
      named.forEach(
          (name, first) -> {
            String full = variable.name().replace('/', '_') + "_" + name;
            Resource resource = slot(variable, full, first);
            slots.put(variable, name, resource);
            entries.add(new Entry(optimizer + "/" + full, resource));
          });
    }
  }

  /**
   * A variable shaped as a weight which a kernel asks for and Keras does not have. Steps leave
   * nothing in it that the next needs, and so it is not saved.
   */
  Resource scratch(Variable variable) {
    Resource made = slot(variable, variable.name() + "/scratch", 0);
    e.resources().remove(made);
    scratch.add(made);
    return made;
  }

  /** The variables that are not saved; they have to be zeros when a state is restored. */
  ImmutableList<Resource> scratch() {
    return ImmutableList.copyOf(scratch);
  }

  private Resource slot(Variable variable, String name, float first) {
    Shape shape = variable.weight().spec().shape();
    Emitter init = e.under(name).initializing();
    return Resource.create(e, name, shape, InitialValues.filled(init, shape, first));
  }

  /** The slot of a weight that was added as {@code name}. */
  Resource slot(Variable variable, String name) {
    return Objects.requireNonNull(slots.get(variable, name), name);
  }

  ImmutableList<Entry> entries() {
    return ImmutableList.copyOf(entries);
  }
}
