package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
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
  private final ImmutableMap<String, Output<?>> inputs;
  private final ImmutableMap<String, Output<?>> outputs;
  private final Optional<Saver> saver;

  private InferenceGraph(Graph graph, Model model) {
    this.graph = graph;
    this.inputs = placeholders(model);
    // weights replace the first values, so that the seed does not matter
    Lowering lowering = Lowering.of(Ops.create(graph), model, 0);
    Lowered lowered = lowering.emit(Mode.INFERENCE, operands(inputs));
    this.outputs = named(model, lowered.outputs());
    this.saver =
        lowered.variables().isEmpty()
            ? Optional.empty()
            : Optional.of(Saver.into(graph, lowered.variables()));
  }

  /** The graph of {@code model}; the caller closes it. */
  static InferenceGraph of(Model model) {
    Graph graph = new Graph();
    try {
      return new InferenceGraph(graph, model);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private ImmutableMap<String, Output<?>> placeholders(Model model) {
    ImmutableMap.Builder<String, Output<?>> placeholders = ImmutableMap.builder();
    for (Node input : model.inputs()) {
      String name = model.nameOf(input.layer());
      Operation placeholder =
          graph
              .opBuilder("Placeholder", OpNames.free(graph, name), Ops.create(graph).scope())
              .setAttr("dtype", DataType.DT_FLOAT)
              .setAttr("shape", Elements.shape(input.shape()))
              .build();
      placeholders.put(name, placeholder.output(0));
    }
    return placeholders.buildOrThrow();
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
    SavedModel model = savedModel();
    if (saver.isPresent()) {
      Path prefix = Files.createDirectory(folder.resolve("variables")).resolve("variables");
      save(model.getMetaGraphs(0).getGraphDef(), saver.get(), prefix, weights);
    }
    Files.write(folder.resolve("saved_model.pb"), model.toByteArray());
  }

  private SavedModel savedModel() {
    return new MetaGraph(graph, inputs, outputs, saver).savedModel();
  }

  /**
   * Writes the weights as a checkpoint, {@code prefix.index} and {@code
   * prefix.data-00000-of-00001}; nothing if there are none.
   */
  void writeWeights(Path prefix, Weights weights) throws IOException {
    if (saver.isPresent()) {
      save(savedModel().getMetaGraphs(0).getGraphDef(), saver.get(), prefix, weights);
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
      throw new IOException(SavedModelException.reason(e), e);
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
