package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.CollectionDef;
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
    ImmutableMap<String, Output<?>> inputs,
    ImmutableMap<String, Output<?>> outputs,
    Optional<Saver> saver) {
  static final String TAG = "serve";
  static final String SIGNATURE = "serving_default";
  private static final String METHOD = "tensorflow/serving/predict";

  SavedModel savedModel() {
    MetaGraphDef.Builder metaGraph = MetaGraphDef.newBuilder();
    metaGraph.getMetaInfoDefBuilder().addTags(TAG).setTensorflowVersion(TensorFlow.version());
    metaGraph.putSignatureDef(SIGNATURE, signature());
    List<String> needed = new ArrayList<>();
    outputs.values().forEach(output -> needed.add(output.op().name()));
    inputs.values().forEach(input -> needed.add(input.op().name()));
    saver.ifPresent(
        ops -> {
          metaGraph.setSaverDef(ops.proto());
          metaGraph.putCollectionDef("variables", collection(ops, weight -> true));
          metaGraph.putCollectionDef("trainable_variables", collection(ops, Weight::trainable));
          needed.add(ops.saved().op().name());
          needed.add(ops.restored().name());
        });
    metaGraph.setGraphDef(Pruning.keep(graph.toGraphDef(), needed));
    return SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(metaGraph).build();
  }

  private SignatureDef signature() {
    SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName(METHOD);
    inputs.forEach((name, input) -> signature.putInputs(name, tensor(input)));
    outputs.forEach((name, output) -> signature.putOutputs(name, tensor(output)));
    return signature.build();
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
