package dev.tfgraphs.graphs.rewriting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Batch normalization becomes a part of the convolution before it only where it is one. */
class FoldingTest {
  private static final Map<String, HostTensor> VALUES =
      ImmutableMap.of(
          "kernel_handle", ones(1, 1, 2, 2),
          "gamma_handle", ones(2),
          "beta_handle", ones(2),
          "mean_handle", ones(2),
          "variance_handle", ones(2));

  private static HostTensor ones(int... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(values, 1);
    return new HostTensor(shape, values);
  }

  @ParameterizedTest
  @CsvSource({
    "NHWC, NHWC, BiasAdd",
    "NCHW, NCHW, FusedBatchNormV3",
    "NHWC, NCHW, FusedBatchNormV3",
    "NCHW, NHWC, FusedBatchNormV3"
  })
  void channelsOfAFoldedNormalizationAreTheLastAxis(
      String convolution, String normalization, String becomes) {
    GraphDef folded = Folding.fold(graph(convolution, normalization), VALUES, GraphException::new);
    assertEquals(
        List.of(becomes),
        folded.getNodeList().stream()
            .filter(node -> node.getName().equals("normalization"))
            .map(NodeDef::getOp)
            .toList());
  }

  private static GraphDef graph(String convolution, String normalization) {
    GraphDef.Builder graph = GraphDef.newBuilder().addNode(node("x", "Placeholder"));
    for (String weight : List.of("kernel", "gamma", "beta", "mean", "variance")) {
      graph.addNode(node(weight + "_handle", "VarHandleOp"));
      graph.addNode(node(weight, "ReadVariableOp", weight + "_handle"));
    }
    NodeDef sums = node("convolution", "Conv2D", "x", "kernel");
    NodeDef normal =
        node(
            "normalization",
            "FusedBatchNormV3",
            "convolution",
            "gamma",
            "beta",
            "mean",
            "variance");
    return graph
        .addNode(in(convolution, sums))
        .addNode(
            in(normalization, normal).toBuilder()
                .putAttr("is_training", AttrValue.getDefaultInstance()))
        .build();
  }

  private static NodeDef in(String format, NodeDef node) {
    return node.toBuilder()
        .putAttr(
            "data_format", AttrValue.newBuilder().setS(ByteString.copyFromUtf8(format)).build())
        .putAttr("epsilon", AttrValue.newBuilder().setF(1e-3f).build())
        .build();
  }

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp(op)
        .addAllInput(List.of(inputs))
        .putAttr("T", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
        .build();
  }

  @Test
  void weightsThatAreTooLargeForConstantsAreRefused() {
    Folding.checkSize(VALUES.values(), 48, GraphException::new);
    GraphException failure =
        assertThrows(
            GraphException.class,
            () -> Folding.checkSize(VALUES.values(), 47, GraphException::new));
    assertEquals(
        "expected weights of at most 47 bytes as constants, received 48", failure.getMessage());
  }
}
