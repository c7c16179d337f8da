package dev.tfgraphs.graphs;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Table;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Regularizer;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** One lowering of a model: every call becomes ops, in the order of the calls. */
final class Pass {
  /**
   * What a model is lowered for.
   *
   * @param gpu whether a GPU will run it, which wants some layers written otherwise; asked where
   *     that matters only, since to look for GPUs is to set one up
   */
  record Purpose(Mode mode, Precision precision, BooleanSupplier gpu) {}

  /** A softmax or sigmoid and what it was applied to. */
  record Logits(ActivationFunction function, Output<?> value) {}

  /** A penalty on what a layer makes. */
  record Activity(Regularizer penalty, Output<?> result) {}

  /** What a bias was added to, and the bias. */
  record Biased(Output<?> value, Output<?> bias) {}

  /** What stands for the result of a node of the whole model from there on. */
  interface Results {
    Output<?> at(Node node, Output<?> result);
  }

  /** A random number that a layer asks for, to be counted in a step. */
  private record Draw(Emitter e, Layer layer, OptionalLong own) {}

  private final Purpose purpose;
  private final Emitter e;
  private final Variables variables;
  private final Draws draws;
  private final Notes notes = new Notes();
  private final Cutting cutting;
  private final Map<Layer, Output<?>> firstSeeds = new HashMap<>();
  private final Map<Layer, Integer> drawn = new HashMap<>();
  private final Map<Variable, Output<?>> reads = new HashMap<>();
  private final Map<Variable, Output<?>> tracked = new LinkedHashMap<>();
  private final List<Activity> activities = new ArrayList<>();
  private final List<Draw> counted = new ArrayList<>();
  private final Table<Output<?>, DataType, Output<?>> casts = HashBasedTable.create();
  private final Set<Layer> last = new HashSet<>();
  private final Map<String, Output<?>> byName = new LinkedHashMap<>();
  private final Set<String> repeated = new HashSet<>();

  /**
   * A pass over a model.
   *
   * @param places after which calls of layers it is cut, counted from 0, those of nested models too
   */
  Pass(Purpose purpose, Emitter e, Variables variables, Draws draws, ImmutableSet<Integer> places) {
    this.purpose = purpose;
    this.e = e;
    this.variables = variables;
    this.draws = draws;
    this.cutting = new Cutting(e, places, notes);
  }

  /** Lowers {@code model} on the operands of its inputs. */
  ImmutableList<Output<?>> run(Model model, List<? extends Output<?>> inputs) {
    return run(model, inputs, (node, result) -> result);
  }

  /** The same, with other values behind some nodes. */
  ImmutableList<Output<?>> run(Model model, List<? extends Output<?>> inputs, Results results) {
    if (inputs.size() != model.inputs().size()) {
      throw new GraphException(
          "lowering: expected " + model.inputs().size() + " inputs, received " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      Node input = model.inputs().get(i);
      checkInput(model, input, inputs.get(i).shape());
      notes.shape(inputs.get(i), known(input.shape(), inputs.get(i)));
    }
    last.addAll(Precision.last(model));
    return run(model, inputs, results, model.frozen(), "").stream()
        .<Output<?>>map(output -> cast(output, DataType.DT_FLOAT))
        .collect(ImmutableList.toImmutableList());
  }

  private static void checkInput(Model model, Node input, org.tensorflow.ndarray.Shape given) {
    if (given.isUnknown() || !Targets.matches(input.shape(), Shapes.fromTensorFlow(given))) {
      throw new GraphException(
          "lowering: expected an operand of %s for input '%s', received one of %s"
              .formatted(input.shape(), model.nameOf(input.layer()), words(given)));
    }
  }

  private static Object words(org.tensorflow.ndarray.Shape shape) {
    return shape.isUnknown() ? "unknown shape" : shape;
  }

  /** The operand's sizes, and where it has none those that the model's input declares. */
  private static Shape known(Shape declared, Output<?> operand) {
    Shape shape = Shapes.fromTensorFlow(operand.shape());
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.size(axis) == Shape.UNKNOWN) {
        shape = shape.with(axis, declared.size(axis));
      }
    }
    return shape;
  }

  private ImmutableList<Output<?>> run(
      Model model,
      List<? extends Output<?>> inputs,
      Results replaced,
      Set<Layer> frozen,
      String path) {
    Map<Node, Output<?>> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Node input = model.inputs().get(i);
      values.put(input, behind(input, inputs.get(i), replaced));
    }
    for (Call call : model.calls()) {
      if (!(call.layer() instanceof Input)) {
        String name = path + model.nameOf(call.layer());
        List<Output<?>> given = call.inputs().stream().<Output<?>>map(values::get).toList();
        List<? extends Output<?>> results = lower(call, given, frozen, name);
        for (int i = 0; i < results.size(); i++) {
          Node node = call.outputs().get(i);
          values.put(node, behind(node, finished(call, results.get(i)), replaced));
        }
        if (byName.put(name, results.get(0)) != null) {
          repeated.add(name);
        }
      }
    }
    return model.outputs().stream()
        .<Output<?>>map(values::get)
        .collect(ImmutableList.toImmutableList());
  }

  private Output<?> behind(Node node, Output<?> result, Results replaced) {
    Output<?> value = replaced.at(node, result);
    notes.alike(result, value);
    return value;
  }

  /** What later calls get of {@code result}, and its penalty is for. */
  private Output<?> finished(Call call, Output<?> result) {
    Output<?> value = call.layer() instanceof Model ? result : cutting.next(result);
    call.layer()
        .activityRegularizer()
        .ifPresent(penalty -> activities.add(new Activity(penalty, value)));
    return value;
  }

  /** Where this pass was cut. */
  List<Backward.Cut> cuts() {
    return cutting.cuts();
  }

  private List<? extends Output<?>> lower(
      Call call, List<Output<?>> inputs, Set<Layer> frozen, String name) {
    if (call.layer() instanceof Model nested) {
      return run(nested, inputs, (node, result) -> result, frozen, name + "/");
    }
    boolean trains = !frozen.contains(call.layer());
    DataType type =
        last.contains(call.layer()) ? DataType.DT_FLOAT : purpose.precision().values(call.layer());
    LayerContext context = new LayerContext(this, call, e.under(name), type, trains);
    try {
      Output<?> result = lower(call.layer(), context, inputs);
      noteLearned(call.layer(), inputs, name, result);
      return List.of(result);
    } catch (GraphException | IllegalArgumentException failure) {
      throw new GraphException(
          "layer '" + name + "': cannot be lowered: " + failure.getMessage(), failure);
    }
  }

  private Output<?> lower(Layer layer, LayerContext context, List<Output<?>> inputs) {
    List<Shape> given = inputs.stream().map(notes::shapeOf).toList();
    Shape inferred = layer.infer(given);
    DataType type = last.contains(layer) ? DataType.DT_FLOAT : purpose.precision().inputs(layer);
    List<Output<?>> cast = inputs.stream().<Output<?>>map(input -> cast(input, type)).toList();
    Output<?> result =
        layer instanceof CustomLayer
            ? CustomLayers.lower(layer, context, cast, given, inferred)
            : Rules.of(layer).lower(layer, context, cast);
    notes.inferred(result, inferred);
    return result;
  }

  /** Remembers what training would need a gradient of, and the last layer that makes it so. */
  private void noteLearned(Layer layer, List<Output<?>> inputs, String name, Output<?> result) {
    if (variables.train(layer)) {
      notes.learned(result, name);
    } else {
      notes.learnedAs(inputs, result);
    }
  }

  /** {@code value} in another type, cast once. */
  Output<?> cast(Output<?> value, DataType type) {
    if (value.dataType() == type) {
      return value;
    }
    Output<?> before = casts.get(value, type);
    if (before != null) {
      return before;
    }
    Output<?> cast = e.cast(value, type);
    casts.put(value, type, cast);
    notes.alike(value, cast);
    return cast;
  }

  Purpose purpose() {
    return purpose;
  }

  Variables variables() {
    return variables;
  }

  /** The value of a variable in this pass, read once. */
  Output<?> read(Variable variable) {
    return reads.computeIfAbsent(
        variable, key -> variable.resource().readAgain(e.under(variable.name())));
  }

  /** What a tracked variable is after the calls so far: a layer used twice moves it twice. */
  Output<?> tracked(Variable variable) {
    Output<?> moved = tracked.get(variable);
    return moved == null ? read(variable) : moved;
  }

  /** Has the step set a tracked variable, in place of what a call before wanted. */
  void track(Variable variable, Output<?> value) {
    tracked.put(variable, value);
  }

  /**
   * The seed of the next draw of {@code layer}; all of a pass start from one reading of its state.
   */
  Output<?> draw(Emitter under, Layer layer, OptionalLong own) {
    Output<?> first = firstSeeds.computeIfAbsent(layer, key -> draws.first(under, layer, own));
    counted.add(new Draw(under, layer, own));
    int earlier = drawn.merge(layer, 1, Integer::sum) - 1;
    return earlier == 0 ? first : under.add(first, under.vector(0L, earlier));
  }

  /** How many draws each layer makes in a run. */
  Map<Layer, Integer> drawn() {
    return drawn;
  }

  /** The layer with weights that train on which {@code output} depends, if there is one. */
  Optional<String> learnedBy(Output<?> output) {
    return notes.learnedBy(output);
  }

  void logits(ActivationFunction function, Output<?> value, Output<?> result) {
    notes.logits(function, value, result);
  }

  /** What a softmax or sigmoid made {@code output} of. */
  Optional<Logits> logitsOf(Output<?> output) {
    return notes.logitsOf(output);
  }

  /** The penalties on results, in the order of the calls. */
  List<Activity> activities() {
    return activities;
  }

  void biased(Output<?> value, Output<?> bias, Output<?> result) {
    notes.biased(value, bias, result);
  }

  /** What {@code output} is the sum of, if it is one with a bias. */
  Optional<Biased> biasedOf(Output<?> output) {
    return notes.biasedOf(output);
  }

  /** Each variable that this pass reads, and its value, in the model's order. */
  Map<Variable, Output<?>> reads() {
    Map<Variable, Output<?>> ordered = new LinkedHashMap<>();
    for (Variable variable : variables.all()) {
      Output<?> read = reads.get(variable);
      if (read != null) {
        ordered.put(variable, read);
      }
    }
    return ordered;
  }

  /**
   * What a training step does besides gradients, once {@code controls} have run: random states and
   * moving averages.
   */
  List<GraphOperation> updates(List<GraphOperation> controls) {
    List<GraphOperation> updates = new ArrayList<>(counts(controls));
    updates.addAll(moves(controls));
    return updates;
  }

  /** Counts every draw, each layer's one after the other. */
  List<GraphOperation> counts(List<GraphOperation> controls) {
    Map<Layer, GraphOperation> counts = new LinkedHashMap<>();
    for (Draw draw : counted) {
      List<Operation> before = new ArrayList<>(controls);
      GraphOperation last = counts.get(draw.layer);
      before.add(last == null ? Objects.requireNonNull(firstSeeds.get(draw.layer)).op() : last);
      draws
          .counted(draw.e.after(before), draw.layer, draw.own)
          .ifPresent(operation -> counts.put(draw.layer, operation));
    }
    return List.copyOf(counts.values());
  }

  /** What the tracked variables are to be set to. */
  Collection<Output<?>> trackedValues() {
    return tracked.values();
  }

  /** Sets the tracked variables. */
  List<GraphOperation> moves(List<GraphOperation> controls) {
    List<GraphOperation> moves = new ArrayList<>();
    tracked.forEach(
        (variable, value) -> {
          List<Operation> before = new ArrayList<>(controls);
          // what the pass computes with is the value before the step
          before.add(read(variable).op());
          moves.add(variable.resource().assign(e.under(variable.name()).after(before), value));
        });
    return moves;
  }

  /** The same value as an op of its own, for who fetches it. */
  Output<?> identity(Output<?> value) {
    return e.op("Identity", "fetched").in(value).out();
  }

  /**
   * The first result of the last call of each layer, by name; inside nested models {@code
   * model/layer}.
   */
  Map<String, Output<?>> byName() {
    return byName;
  }

  /**
   * Whether the layer called {@code name} was called more than once, so that its name stands for no
   * one result.
   */
  boolean repeats(String name) {
    return repeated.contains(name);
  }
}
