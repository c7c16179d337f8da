package dev.tfgraphs.ops;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network: what lies between input nodes and output nodes. It holds no numbers and never needs
 * closing. A model is also a layer, so that networks can be parts of networks.
 */
@CheckReturnValue
public final class Model extends Layer {
  private final ImmutableList<Node> inputs;
  private final ImmutableList<Node> outputs;
  private final ImmutableList<Call> calls;
  private final ImmutableListMultimap<Layer, Call> uses;
  private final ImmutableList<Layer> layers;
  private final ImmutableMap<Layer, String> names;
  private final ImmutableMap<String, Layer> byName;
  private ImmutableSet<Layer> frozen;
  private boolean sequential;

  private Model(List<Node> inputs, List<Node> outputs, ImmutableMap<Layer, String> known) {
    this.inputs = ImmutableList.copyOf(inputs);
    this.outputs = ImmutableList.copyOf(outputs);
    Topology topology = Topology.of(inputs, outputs);
    this.calls = topology.calls();
    this.uses = Multimaps.index(calls, Call::layer);
    this.layers = topology.layers();
    this.names = known.keySet().containsAll(layers) ? known : Names.of(layers);
    ImmutableMap.Builder<String, Layer> found = ImmutableMap.builder();
    layers.forEach(layer -> found.put(nameOf(layer), layer));
    this.byName = found.buildOrThrow();
    this.frozen =
        layers.stream()
            .flatMap(layer -> layer instanceof Model part ? part.frozen.stream() : Stream.of())
            .collect(ImmutableSet.toImmutableSet());
    checkInputs();
    uses.keySet().forEach(this::checkShared);
  }

  /**
   * {@return the network from {@code input} to {@code output}}
   *
   * @throws ModelException as {@link #of(List, List)}
   */
  public static Model of(Node input, Node output) {
    return of(List.of(input), List.of(output));
  }

  /**
   * {@return the network from {@code inputs} to {@code outputs}}
   *
   * @throws ModelException if an input was not made by {@link Layers#input}, if an output needs an
   *     input that is not given, or if two layers have one name
   */
  public static Model of(List<Node> inputs, List<Node> outputs) {
    return new Model(inputs, outputs, ImmutableMap.of());
  }

  private void checkInputs() {
    require(!inputs.isEmpty() && !outputs.isEmpty(), "an input and an output", "none");
    require(inputs.size() == Set.copyOf(inputs).size(), "every input once", inputs);
    for (Node input : inputs) {
      require(input.layer() instanceof Input, "inputs made by input(...)", input);
    }
    for (Call call : calls) {
      if (call.layer() instanceof Input && !inputs.contains(call.outputs().get(0))) {
        throw expected("every input that the outputs need", "none of " + nameOf(call.layer()));
      }
    }
  }

  private void checkShared(Layer layer) {
    List<WeightSpec> weights = uses.get(layer).get(0).weights();
    for (Call use : uses.get(layer)) {
      if (!use.weights().equals(weights)) {
        throw layer.expected(
            "inputs with the same weights wherever it is used",
            Call.shapes(uses.get(layer).get(0).inputs()) + " and " + Call.shapes(use.inputs()));
      }
    }
  }

  /** {@return the input nodes} */
  public ImmutableList<Node> inputs() {
    return inputs;
  }

  /** {@return the output nodes; they do not know what this model has frozen} */
  public ImmutableList<Node> outputs() {
    return outputs;
  }

  /**
   * {@return the input of a model that has one}
   *
   * @throws ModelException if it has several
   */
  public Node input() {
    require(inputs.size() == 1, "a model with one input", inputs.size() + " inputs");
    return inputs.get(0);
  }

  /**
   * {@return the output of a model that has one, to build on or to look at}
   *
   * <p>What is built on it trains as a whole, also where this model is frozen; see {@link
   * #freeze()}.
   *
   * @throws ModelException if it has several
   */
  public Node output() {
    require(outputs.size() == 1, "a model with one output", outputs.size() + " outputs");
    return outputs.get(0);
  }

  /**
   * {@return what the layer called {@code name} makes, to build on or to look at, as {@link
   * #output()}}
   *
   * @throws ModelException if there is no such layer, or if it is used more than once
   */
  public Node output(String name) {
    Layer layer = layer(name);
    List<Call> found = uses.get(layer);
    require(found.size() == 1, "layer '" + name + "' to be used once", found.size() + " uses");
    return found.get(0).onlyOutput();
  }

  /** {@return the applications of layers, each after those that it needs} */
  public ImmutableList<Call> calls() {
    return calls;
  }

  /** {@return the layers in Keras's order, which is also that of weight files} */
  public ImmutableList<Layer> layers() {
    return layers;
  }

  /**
   * {@return the layer called {@code name}}
   *
   * @throws ModelException if there is none; the message lists near names, or the first of all
   */
  public Layer layer(String name) {
    Layer layer = byName.get(name);
    if (layer == null) {
      throw new ModelException(
          describe()
              + ": expected the name of a layer, received '"
              + name
              + "'"
              + Near.hint(name, byName.keySet()));
    }
    return layer;
  }

  /**
   * {@return the name of a layer of this model, given or automatic}
   *
   * @throws ModelException if the layer is not of this model
   */
  public String nameOf(Layer layer) {
    String name = names.get(layer);
    if (name == null) {
      throw new ModelException(describe() + ": expected a layer of this model, received " + layer);
    }
    return name;
  }

  /**
   * {@return every layer that is no model, those inside nested models included, each once, in
   * Keras's order}
   */
  public ImmutableSet<Layer> allLayers() {
    return all(layers);
  }

  /**
   * {@return every layer that is no model in the order in which layers were made, by which Keras
   * draws seeds}
   */
  public ImmutableList<Layer> layersAsMade() {
    return allLayers().stream()
        .sorted(Comparator.comparingLong(Layer::order))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return all weights in Keras's order, each once; those of nested models in the place of the
   * model}
   */
  public ImmutableList<Weight> weights() {
    ImmutableList.Builder<Weight> weights = ImmutableList.builder();
    addWeights("", frozen, new HashSet<>(), weights);
    return weights.build();
  }

  private void addWeights(
      String prefix, Set<Layer> held, Set<Layer> done, ImmutableList.Builder<Weight> weights) {
    for (Layer layer : layers) {
      String path = prefix + names.get(layer);
      if (layer instanceof Model model) {
        model.addWeights(path + "/", held, done, weights);
      } else if (done.add(layer)) {
        boolean trains = !held.contains(layer);
        for (WeightSpec spec : uses.get(layer).get(0).weights()) {
          weights.add(
              new Weight(path + "/" + spec.name(), layer, spec, spec.trainable() && trains));
        }
      }
    }
  }

  /** {@return how many numbers the weights hold} */
  public long parameters() {
    return weights().stream().mapToLong(weight -> weight.spec().shape().elements()).sum();
  }

  /** {@return this model's summary as Keras prints it, without the line break at its end} */
  public String summary() {
    return summary(SummaryOptions.defaults());
  }

  /**
   * {@return this model's summary as Keras prints it, without the line break at its end}
   *
   * @throws ModelException if the line is too short for the columns, or if the range names no
   *     layers
   */
  public String summary(SummaryOptions options) {
    return Summary.of(this, options);
  }

  /**
   * {@return a model with the same weights whose outputs are those of the named layers}
   *
   * @throws ModelException if there is no such layer, or if it is used more than once
   */
  public Model tap(String... layerNames) {
    List<Node> taps = Arrays.stream(layerNames).map(this::output).toList();
    Model tapped = new Model(inputs, taps, names);
    tapped.frozen = frozen;
    return tapped;
  }

  /**
   * {@return this model with all layers frozen: their weights stay, and batch normalization uses
   * and keeps its moving averages}
   *
   * <p>What is frozen belongs to the model and not to its nodes: {@code Model.of} on the nodes of a
   * frozen model makes one in which everything trains. Either apply the frozen model as a layer,
   * {@code x.to(base.freeze())}, or freeze the part in the finished model with {@link
   * #freeze(Model)}.
   */
  public Model freeze() {
    return withFrozen(freezable());
  }

  /**
   * {@return this model with the named layers frozen too; see {@link #freeze()}}
   *
   * @param layerNames names, or patterns in which {@code *} stands for any characters: {@code
   *     conv5_*} is all of that stage
   * @throws ModelException if there is no name, or no such layer
   */
  public Model freeze(String... layerNames) {
    require(layerNames.length > 0, "names of layers (freeze() freezes all)", "none");
    return withFrozen(Sets.union(frozen, chosen(layerNames)));
  }

  /**
   * {@return this model with all layers of {@code part} frozen too}
   *
   * <p>For a network built on the nodes of another: {@code Model.of(base.input(),
   * base.output().to(head)).freeze(base)}.
   *
   * @throws ModelException if none of the part's layers, other than inputs, is in this model
   */
  public Model freeze(Model part) {
    return withFrozen(Sets.union(frozen, shared(part)));
  }

  /** {@return this model with all layers trained again} */
  public Model unfreeze() {
    return withFrozen(ImmutableSet.of());
  }

  /**
   * {@return this model with the named layers trained again}
   *
   * @param layerNames names or patterns, as {@link #freeze(String...)} takes them
   * @throws ModelException if there is no name, or no such layer
   */
  public Model unfreeze(String... layerNames) {
    require(layerNames.length > 0, "names of layers (unfreeze() unfreezes all)", "none");
    return withFrozen(Sets.difference(frozen, chosen(layerNames)));
  }

  /**
   * {@return this model with all layers of {@code part} trained again}
   *
   * @throws ModelException if none of the part's layers, other than inputs, is in this model
   */
  public Model unfreeze(Model part) {
    return withFrozen(Sets.difference(frozen, shared(part)));
  }

  /**
   * {@return this model with all layers trained again from the one called {@code layerName} on, in
   * the order of {@link #layers}}
   *
   * @throws ModelException if there is no such layer
   */
  public Model unfreezeFrom(String layerName) {
    List<Layer> rest = layers.subList(layers.indexOf(layer(layerName)), layers.size());
    return withFrozen(Sets.difference(frozen, all(rest)));
  }

  private Model withFrozen(Set<Layer> layers) {
    ImmutableSet<Layer> held = ImmutableSet.copyOf(layers);
    return inState(this, model -> model.frozen = held);
  }

  private Set<Layer> chosen(String... layerNames) {
    ImmutableSet.Builder<Layer> chosen = ImmutableSet.builder();
    for (String name : layerNames) {
      chosen.addAll(all(name.contains("*") ? matching(name) : List.of(layer(name))));
    }
    return Sets.intersection(freezable(), chosen.build());
  }

  private List<Layer> matching(String pattern) {
    Pattern like =
        Pattern.compile(
            Splitter.on('*').splitToStream(pattern).map(Pattern::quote).collect(joining(".*")));
    List<Layer> found =
        layers.stream().filter(layer -> like.matcher(nameOf(layer)).matches()).toList();
    require(!found.isEmpty(), "a pattern of names of layers", "'" + pattern + "', which fits none");
    return found;
  }

  /** Those of nested models in the place of these. */
  private static ImmutableSet<Layer> all(List<Layer> layers) {
    return layers.stream()
        .flatMap(
            layer -> layer instanceof Model model ? model.allLayers().stream() : Stream.of(layer))
        .collect(ImmutableSet.toImmutableSet());
  }

  private Set<Layer> shared(Model part) {
    Set<Layer> shared = Sets.intersection(freezable(), part.freezable());
    require(!shared.isEmpty(), "a part that shares layers with this model", part);
    return shared;
  }

  /** What can be frozen: an input has nothing to train. */
  Set<Layer> freezable() {
    return Sets.filter(allLayers(), layer -> !(layer instanceof Input));
  }

  /**
   * {@return the layers, neither models nor inputs, whose weights stay as they are in training;
   * those of nested models included, also where these were frozen before}
   */
  public ImmutableSet<Layer> frozen() {
    return frozen;
  }

  /**
   * {@return all results of this model on other nodes, with the same weights}
   *
   * @throws ModelException if the nodes do not fit the inputs
   */
  public ImmutableList<Node> call(Collection<Node> nodes) {
    return new Call(this, ImmutableList.copyOf(nodes)).outputs();
  }

  /**
   * {@return what Keras's {@code get_config()} returns for this model: its layers, what they are
   * called on, and which of them do not train}
   *
   * @throws ModelException if a layer is one that Keras has not
   */
  @Override
  public Config config() {
    return ModelWriter.config(this);
  }

  /**
   * {@return {@link #config} as Keras writes it in files and as {@code to_json()} writes it: with
   * the class and where Keras has it}
   *
   * @throws ModelException if a layer is one that Keras has not
   */
  public Map<String, @Nullable Object> toObject() {
    return ModelWriter.object(config());
  }

  /**
   * {@return the functional or sequential model that {@code config} describes, in the words of
   * Keras 3 or 2}
   *
   * <p>What does not train is frozen. Mixed policies are taken as float32, since the precision is
   * chosen by who trains; a batch of known size becomes one of any. What Keras 3 writes of {@code
   * training} with a call says nothing, since what fit and predict say takes its place. Where Keras
   * 2 has another function under a name, such as {@code hard_sigmoid}, it is Keras 3's.
   *
   * @throws ModelException if a layer is not one of this library's, has a setting that this library
   *     has not, is called on what there is not, or, in Keras 2, always behaves as in training, or
   *     never
   */
  public static Model fromConfig(Config config) {
    return ModelReader.read(config);
  }

  /** This model, which is one layer behind another, under Keras's other class. */
  Model sequential() {
    return inState(this, model -> model.sequential = true);
  }

  boolean isSequential() {
    return sequential;
  }

  @Override
  public Model name(String name) {
    return named(this, name);
  }

  /**
   * {@return {@code Functional}, Keras's class of such models, or {@code Sequential} of one that
   * was read as such}
   */
  @Override
  public String className() {
    return sequential ? ModelReader.SEQUENTIAL : "Functional";
  }

  @Override
  public Shape infer(List<Shape> shapes) {
    ImmutableList<Shape> all = inferAll(shapes);
    require(all.size() == 1, "a model with one output", all.size() + " outputs");
    return all.get(0);
  }

  /** {@return what the outputs are for inputs of these shapes, in the order of the outputs} */
  @Override
  public ImmutableList<Shape> inferAll(List<Shape> shapes) {
    require(shapes.size() == inputs.size(), inputs.size() + " inputs", shapes.size() + " inputs");
    return Rerun.shapes(this, shapes);
  }

  @Override
  public ImmutableList<WeightSpec> weights(List<Shape> shapes) {
    return weights().stream().map(Weight::spec).collect(ImmutableList.toImmutableList());
  }
}
