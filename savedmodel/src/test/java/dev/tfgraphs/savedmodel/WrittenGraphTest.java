package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.VariableDef;

/** What lies in {@code saved_model.pb}, for those who read it without this library. */
class WrittenGraphTest {
  private static final Set<String> SAVER =
      Set.of("SaveV2", "RestoreV2", "AssignVariableOp", "VarHandleOp", "ReadVariableOp", "NoOp");

  @TempDir Path base;

  static List<Specimen> specimens() {
    return Specimen.all();
  }

  private MetaGraphDef written(Specimen specimen) throws IOException {
    Path version = SavedModels.write(base, specimen.model(), specimen.weights());
    byte[] bytes = Files.readAllBytes(version.resolve("saved_model.pb"));
    SavedModel model = SavedModel.parseFrom(bytes);
    assertEquals(1, model.getSavedModelSchemaVersion());
    assertEquals(1, model.getMetaGraphsCount());
    return model.getMetaGraphs(0);
  }

  private static Set<String> types(MetaGraphDef graph) {
    return graph.getGraphDef().getNodeList().stream()
        .map(NodeDef::getOp)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void onlyInferenceAndTheSaverAreWritten() throws IOException {
    Set<String> types = types(written(Specimen.named("resnet")));
    assertTrue(types.containsAll(SAVER), types::toString);
    types.removeAll(SAVER);
    assertEquals(
        Set.of(
            "AddN",
            "BiasAdd",
            "Const",
            "Conv2D",
            "FusedBatchNormV3",
            "Identity",
            "MatMul",
            "Mean",
            "Placeholder",
            "Relu",
            "Softmax"),
        types);
  }

  @Test
  void aModelWithoutWeightsHasNoSaver() throws IOException {
    MetaGraphDef graph = written(Specimen.named("no_weights"));
    assertEquals(Set.of("Identity", "MaxPool", "Placeholder"), types(graph));
    assertFalse(graph.hasSaverDef());
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void placeholdersAreTheInputsAndTheSaversFile(Specimen specimen) throws IOException {
    MetaGraphDef graph = written(specimen);
    Set<String> expected = new TreeSet<>();
    SignatureDef signature = graph.getSignatureDefOrThrow("serving_default");
    signature.getInputsMap().values().forEach(input -> expected.add(input.getName()));
    assertEquals(specimen.model().inputs().size(), expected.size());
    if (graph.hasSaverDef()) {
      expected.add(graph.getSaverDef().getFilenameTensorName());
    }
    assertEquals(
        expected,
        graph.getGraphDef().getNodeList().stream()
            .filter(node -> node.getOp().startsWith("Placeholder"))
            .map(node -> node.getName() + ":0")
            .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void noNameIsTakenForAnInitializer(Specimen specimen) throws IOException {
    List<NodeDef> nodes = written(specimen).getGraphDef().getNodeList();
    assertFalse(nodes.isEmpty());
    nodes.forEach(node -> assertFalse(node.getName().startsWith("Init"), node::getName));
  }

  @Test
  void theSignatureIsTheOneThatServingCalls() throws IOException {
    MetaGraphDef graph = written(Specimen.named("resnet"));
    assertEquals(List.of("serve"), graph.getMetaInfoDef().getTagsList());
    assertEquals(TensorFlow.version(), graph.getMetaInfoDef().getTensorflowVersion());
    assertEquals(Set.of("serving_default"), graph.getSignatureDefMap().keySet());
    SignatureDef signature = graph.getSignatureDefOrThrow("serving_default");
    assertEquals("tensorflow/serving/predict", signature.getMethodName());
    assertEquals("image:0 DT_FLOAT [-1, 8, 8, 3]", described(signature.getInputsOrThrow("image")));
    assertEquals(
        "predictions:0 DT_FLOAT [-1, 3]", described(signature.getOutputsOrThrow("predictions")));
  }

  private static String described(TensorInfo tensor) {
    List<Long> sizes = new ArrayList<>();
    tensor.getTensorShape().getDimList().forEach(size -> sizes.add(size.getSize()));
    DataType type = tensor.getDtype();
    return tensor.getName() + " " + type + " " + sizes;
  }

  @Test
  void theSaverIsCalledAsOnesOwnUnlessALayerIs() throws IOException {
    SaverDef own = written(Specimen.named("resnet")).getSaverDef();
    assertEquals("save/filename:0", own.getFilenameTensorName());
    assertEquals("save/control_dependency:0", own.getSaveTensorName());
    assertEquals("save/restore_all", own.getRestoreOpName());
    assertEquals(SaverDef.CheckpointFormatVersion.V2, own.getVersion());
    SaverDef other = written(Specimen.named("reserved_names")).getSaverDef();
    assertEquals("save_1/filename:0", other.getFilenameTensorName());
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void pythonIsToldWhichVariablesThereAreAndWhichTrain(Specimen specimen) throws IOException {
    MetaGraphDef graph = written(specimen);
    assertEquals(described(specimen.model().weights()), variables(graph, "variables"));
    assertEquals(
        described(specimen.model().weights().stream().filter(Weight::trainable).toList()),
        variables(graph, "trainable_variables"));
  }

  private static List<String> described(List<Weight> weights) {
    return weights.stream()
        .map(
            weight -> weight.path().replaceFirst("^Init", "layers/Init") + " " + weight.trainable())
        .toList();
  }

  private static List<String> variables(MetaGraphDef graph, String collection)
      throws InvalidProtocolBufferException {
    Set<String> nodes =
        graph.getGraphDef().getNodeList().stream()
            .map(NodeDef::getName)
            .collect(Collectors.toSet());
    List<String> described = new ArrayList<>();
    if (graph.containsCollectionDef(collection)) {
      for (ByteString bytes :
          graph.getCollectionDefOrThrow(collection).getBytesList().getValueList()) {
        VariableDef variable = VariableDef.parseFrom(bytes);
        assertTrue(variable.getIsResource());
        assertTrue(nodes.contains(variable.getInitializerName()), variable::getInitializerName);
        assertTrue(nodes.contains(variable.getSnapshotName().replace(":0", "")));
        described.add(variable.getVariableName().replace(":0", "") + " " + variable.getTrainable());
      }
    }
    return described;
  }
}
