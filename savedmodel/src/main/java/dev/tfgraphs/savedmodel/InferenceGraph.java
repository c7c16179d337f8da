package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.graphs.rewriting.Folding;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/** A model lowered for inference alone, and written as a SavedModel. */
final class InferenceGraph implements AutoCloseable {
  private final Graph graph;
  private final Model model;
  private final ServingOptions options;
  private final ImmutableMap<String, Output<?>> inputs;
  private final ImmutableMap<String, Output<?>> outputs;
  private final Lowered lowered;
  private final Optional<EncodedImages> encoded;
  private final Optional<ClassTable> classes;
  private final Optional<Saver> saver;

  private InferenceGraph(Graph graph, Model model, ServingOptions options) {
    this.graph = graph;
    this.model = model;
    this.options = options;
    this.encoded = options.images().map(images -> EncodedImages.into(graph, model, images));
    this.inputs = encoded.isPresent() ? replaceable(encoded.get()) : placeholders();
    // weights replace the first values, so that the seed does not matter
    Lowering lowering = Lowering.of(Ops.create(graph), model, 0);
    this.lowered = lowering.emit(Mode.INFERENCE, operands(inputs));
    this.outputs = named(model, lowered.outputs());
    this.classes = options.classNames().isEmpty() ? Optional.empty() : classes();
    this.saver =
        lowered.variables().isEmpty() || options.isFolded()
            ? Optional.empty()
            : Optional.of(Saver.into(graph, lowered.variables()));
  }

  /** The graph of {@code model} with one signature; the caller closes it. */
  static InferenceGraph of(Model model) {
    return of(model, ServingOptions.defaults());
  }

  /** The graph of {@code model}; the caller closes it. */
  static InferenceGraph of(Model model, ServingOptions options) {
    Graph graph = new Graph();
    try {
      return new InferenceGraph(graph, model, options);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private ImmutableMap<String, Output<?>> placeholders() {
    ImmutableMap.Builder<String, Output<?>> placeholders = ImmutableMap.builder();
    for (Node input : model.inputs()) {
      placeholders.put(model.nameOf(input.layer()), fed("Placeholder", input).build().output(0));
    }
    return placeholders.buildOrThrow();
  }

  /** The input that is fed, and otherwise is what the encoded images become. */
  private ImmutableMap<String, Output<?>> replaceable(EncodedImages images) {
    Node input = model.inputs().get(0);
    Output<?> fed =
        fed("PlaceholderWithDefault", input).addInput(images.images()).build().output(0);
    return ImmutableMap.of(model.nameOf(input.layer()), fed);
  }

  private OperationBuilder fed(String type, Node input) {
    String name = OpNames.free(graph, model.nameOf(input.layer()));
    return graph
        .opBuilder(type, name, Ops.create(graph).scope())
        .setAttr("dtype", DataType.DT_FLOAT)
        .setAttr("shape", Elements.shape(input.shape()));
  }

  private Optional<ClassTable> classes() {
    if (model.output().shape().rank() != 2) {
      return Optional.empty();
    }
    Output<?> values = outputs.values().asList().get(0);
    return Optional.of(ClassTable.into(graph, values, ClassNames.count(model)));
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static Operand<TFloat32>[] operands(Map<String, Output<?>> inputs) {
    return inputs.values().toArray(new Operand[0]);
  }

  private ImmutableMap<String, Output<?>> named(Model model, List<Operand<TFloat32>> values) {
    Map<String, Output<?>> named = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      String layer = model.nameOf(model.outputs().get(i).layer());
      String name = OpNames.free(layer, named::containsKey);
      // an op of its own: TensorFlow refuses to fetch what it is fed
      Operation identity =
          graph
              .opBuilder("Identity", OpNames.free(graph, name), Ops.create(graph).scope())
              .addInput(values.get(i).asOutput())
              .build();
      named.put(name, identity.output(0));
    }
    return ImmutableMap.copyOf(named);
  }

  /** Writes {@code saved_model.pb}, and the weights under {@code variables}. */
  void write(Path folder, Weights weights) throws IOException {
    SavedModel model =
        savedModel(
            options.isFolded()
                ? definition ->
                    Folding.fold(
                        definition,
                        Folding.values(lowered.variables(), weights),
                        InferenceGraph::tooLarge)
                : UnaryOperator.identity());
    if (saver.isPresent()) {
      Path prefix = Files.createDirectory(folder.resolve("variables")).resolve("variables");
      save(model.getMetaGraphs(0).getGraphDef(), saver.get(), prefix, weights);
    }
    Files.write(folder.resolve("saved_model.pb"), model.toByteArray());
  }

  private static ModelFileException tooLarge(String problem) {
    return new ModelFileException(
        "SavedModel, folded: " + problem + "; write it with variables, which is not folded");
  }

  private SavedModel savedModel(UnaryOperator<GraphDef> rewriting) {
    return new MetaGraph(graph, signatures(), saver, classes).savedModel(rewriting);
  }

  private ImmutableMap<String, MetaGraph.Ports> signatures() {
    ImmutableMap.Builder<String, MetaGraph.Ports> signatures = ImmutableMap.builder();
    signatures.put(MetaGraph.SIGNATURE, new MetaGraph.Ports(inputs, outputs));
    classes.ifPresent(
        table -> signatures.put(MetaGraph.CLASSIFY, new MetaGraph.Ports(inputs, table.outputs())));
    encoded.ifPresent(
        images -> {
          ImmutableMap<String, Output<?>> bytes =
              ImmutableMap.of(EncodedImages.INPUT, images.bytes());
          signatures.put(MetaGraph.BYTES, new MetaGraph.Ports(bytes, outputs));
          classes.ifPresent(
              table ->
                  signatures.put(
                      MetaGraph.CLASSIFY_BYTES, new MetaGraph.Ports(bytes, table.outputs())));
        });
    options
        .features()
        .forEach((name, layers) -> signatures.put(name, new MetaGraph.Ports(inputs, of(layers))));
    return signatures.buildOrThrow();
  }

  private ImmutableMap<String, Output<?>> of(List<String> layers) {
    return layers.stream()
        .collect(
            ImmutableMap.toImmutableMap(layer -> layer, layer -> lowered.output(layer).asOutput()));
  }

  /**
   * Writes the weights as a checkpoint, {@code prefix.index} and {@code
   * prefix.data-00000-of-00001}; nothing if there are none.
   */
  void writeWeights(Path prefix, Weights weights) throws IOException {
    if (saver.isPresent()) {
      GraphDef written = savedModel(UnaryOperator.identity()).getMetaGraphs(0).getGraphDef();
      save(written, saver.get(), prefix, weights);
    }
  }

  /**
   * Runs the saver of the graph that is written on the weights in the place of the variables'
   * values; in the graph of this model a session would first have to make the first values.
   */
  private static void save(GraphDef written, Saver saver, Path prefix, Weights weights)
      throws IOException {
    try (Graph graph = new Graph();
        Session session =
            new Session(graph, ConfigProto.newBuilder().putDeviceCount("GPU", 0).build());
        Closer tensors = Closer.create();
        TString filename = TString.scalarOf(prefix.toString())) {
      graph.importGraphDef(written);
      Session.Runner runner = session.runner().feed(OpNames.tensor(saver.filename()), filename);
      for (Variable variable : saver.assignments().keySet()) {
        TFloat32 value = Elements.float32(weights.get(variable.name()));
        tensors.register(value::close);
        runner.feed(OpNames.tensor(variable.value().asOutput()), value);
      }
      run(runner.addTarget(saver.saved().op().name()));
    }
  }

  private static void run(Session.Runner runner) throws IOException {
    try {
      runner.run().close();
    } catch (RuntimeException e) {
      throw new IOException(ModelFileException.reason(e), e);
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
