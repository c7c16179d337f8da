package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.rewriting.Pruning;
import dev.tfgraphs.ops.Weight;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;

/**
 * What a SavedModel says of a graph: how to call it, how to read its variables, and, for Python,
 * which these are. TensorFlow Java's own exporter leaves the last out.
 */
record MetaGraph(
    Graph graph,
    ImmutableMap<String, Ports> signatures,
    Optional<Saver> saver,
    Optional<ClassTable> classes) {
  static final String TAG = "serve";
  static final String SIGNATURE = "serving_default";
  static final String CLASSIFY = "classify";
  static final String BYTES = "serving_bytes";
  static final String CLASSIFY_BYTES = "classify_bytes";

  /** How names begin of signatures that are for the loader. */
  static final String FOR_LOADER = "__saved_model_";

  /** Where loaders look for what to run first; Python lists the signature for it as one to call. */
  private static final String INITIALIZER = "saved_model_main_op";

  private static final String METHOD = "tensorflow/serving/predict";

  /** What a signature feeds and gives, by name. */
  record Ports(ImmutableMap<String, Output<?>> inputs, ImmutableMap<String, Output<?>> outputs) {}

  /** Whether a signature of one's own cannot be called so. */
  static boolean isReserved(String signature) {
    return signature.startsWith(FOR_LOADER)
        || List.of(SIGNATURE, CLASSIFY, BYTES, CLASSIFY_BYTES).contains(signature);
  }

  /**
   * The proto of a SavedModel.
   *
   * @param rewriting makes the graph that is written out of this one; names stay
   */
  SavedModel savedModel(UnaryOperator<GraphDef> rewriting) {
    MetaGraphDef.Builder metaGraph = MetaGraphDef.newBuilder();
    metaGraph.getMetaInfoDefBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version());
    Set<String> needed = new LinkedHashSet<>();
    signatures.forEach(
        (name, ports) -> {
          metaGraph.putSignatureDef(name, signature(ports));
          ports.outputs().values().forEach(output -> needed.add(output.op().name()));
          ports.inputs().values().forEach(input -> needed.add(input.op().name()));
        });
    classes.ifPresent(
        table -> {
          metaGraph.addAssetFileDef(asset(table));
          metaGraph.putCollectionDef(INITIALIZER, initializer(table));
          needed.add(table.initializer().name());
        });
    saver.ifPresent(
        ops -> {
          metaGraph.setSaverDef(ops.proto());
          metaGraph.putCollectionDef("variables", collection(ops, weight -> true));
          metaGraph.putCollectionDef("trainable_variables", collection(ops, Weight::trainable));
          needed.add(ops.saved().op().name());
          needed.add(ops.restored().name());
        });
    GraphDef kept = Pruning.keep(graph.toGraphDef(), needed);
    metaGraph.setGraphDef(Pruning.keep(rewriting.apply(kept), needed));
    return SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(metaGraph).build();
  }

  private static SignatureDef signature(Ports ports) {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
    ports.inputs().forEach((name, input) -> signature.putInputs(name, tensor(input)));
    ports.outputs().forEach((name, output) -> signature.putOutputs(name, tensor(output)));
    return signature.build();
  }

  private static AssetFileDef asset(ClassTable table) {
    return AssetFileDef.newBuilder()
        .setFilename(ClassNames.FILE)
        .setTensorInfo(TensorInfo.newBuilder().setName(OpNames.tensor(table.file())))
        .build();
  }

  private static CollectionDef initializer(ClassTable table) {
    CollectionDef.Builder collection = CollectionDef.newBuilder();
    collection.getNodeListBuilder().addValue(table.initializer().name());
    return collection.build();
  }

  private static TensorInfo tensor(Output<?> output) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long size : output.shape().asArray()) {
      shape.addDimBuilder().setSize(size);
    }
    return TensorInfo.newBuilder()
        .setName(OpNames.tensor(output))
        .setDtype(output.dataType())
        .setTensorShape(shape)
        .build();
  }

  private static CollectionDef collection(Saver saver, Predicate<Weight> members) {
    CollectionDef.Builder collection = CollectionDef.newBuilder();
    saver
        .assignments()
        .forEach(
            (variable, assignment) -> {
              if (members.test(variable.weight())) {
                collection.getBytesListBuilder().addValue(definition(variable, assignment));
              }
            });
    return collection.build();
  }

  /** First values are for training and not written: what initializes is what reads the files. */
  private static ByteString definition(Variable variable, Operation assignment) {
    return VariableDef.newBuilder()
        .setVariableName(OpNames.tensor(variable.handle().asOutput()))
        .setInitializerName(assignment.name())
        .setSnapshotName(OpNames.tensor(variable.value().asOutput()))
        .setIsResource(true)
        .setTrainable(variable.weight().trainable())
        .build()
        .toByteString();
  }
}
