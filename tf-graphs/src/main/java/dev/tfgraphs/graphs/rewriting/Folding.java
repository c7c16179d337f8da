package dev.tfgraphs.graphs.rewriting;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes the variables of a graph into constants, and batch normalization after a convolution into a
 * part of it: the kernel times {@code gamma / sqrt(variance + epsilon)}, and a bias. Where the
 * convolution computes in another type, kernel and bias are rounded to it once, after that.
 */
public final class Folding {
  /** Where each convolution has its output channels in the kernel, and how many axes they are. */
  private static final ImmutableMap<String, ChannelAxes> CONVOLUTIONS =
      ImmutableMap.of(
          "Conv2D", new ChannelAxes(1, 3, 1),
          "DepthwiseConv2dNative", new ChannelAxes(1, 2, 2),
          "Conv2DBackpropInput", new ChannelAxes(1, 2, 1));

  /**
   * Channels in a kernel.
   *
   * @param input which of the op's inputs the kernel is
   * @param first the first axis of output channels
   * @param count how many axes they are
   */
  private record ChannelAxes(int input, int first, int count) {}

  /** A file of a protocol buffer has to be smaller. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (64L << 20);

  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, HostTensor> constants = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  private Folding(GraphDef graph, Map<String, HostTensor> values) {
    for (NodeDef node : graph.getNodeList()) {
      nodes.put(node.getName(), frozen(node, values));
      node.getInputList().forEach(input -> uses.merge(Pruning.node(input), 1, Integer::sum));
    }
  }

  /**
   * {@return the graph with constants}
   *
   * @param values of the variables, by the names of their handles
   * @param failure what is thrown, of these words, where they are too large for a graph
   */
  public static GraphDef fold(
      GraphDef graph, Map<String, HostTensor> values, Function<String, RuntimeException> failure) {
    checkSize(values.values(), MOST_BYTES, failure);
    Folding folding = new Folding(graph, values);
    for (NodeDef node : graph.getNodeList()) {
      if (node.getOp().equals("FusedBatchNormV3")) {
        folding.fold(node);
      }
    }
    return graph.toBuilder().clearNode().addAllNode(folding.nodes.values()).build();
  }

  /** {@return the values of {@code variables} by the names of their handles, for {@link #fold}} */
  public static ImmutableMap<String, HostTensor> values(
      Collection<Variable> variables, Weights weights) {
    return variables.stream()
        .collect(
            ImmutableMap.toImmutableMap(
                variable -> variable.handle().asOutput().op().name(),
                variable -> weights.get(variable.name())));
  }

  static void checkSize(
      Collection<HostTensor> values, long most, Function<String, RuntimeException> failure) {
    long bytes =
        values.stream().mapToLong(value -> (long) Float.BYTES * value.values().length).sum();
    if (bytes > most) {
      throw failure.apply(
          "expected weights of at most %d bytes as constants, received %d".formatted(most, bytes));
    }
  }

  private NodeDef frozen(NodeDef node, Map<String, HostTensor> values) {
    if (node.getOp().equals("Cast") && constants.containsKey(node.getInput(0))) {
      constants.put(node.getName(), constants.get(node.getInput(0)));
      return node;
    }
    HostTensor value =
        node.getOp().equals("ReadVariableOp")
            ? values.get(Pruning.node(node.getInput(0)))
            : filled(node);
    if (value == null) {
      return node;
    }
    constants.put(node.getName(), value);
    return node.getOp().equals("Const") ? node : constant(node.getName(), value);
  }

  /** The numbers of a vector that stands in for a gamma or beta that a layer does not have. */
  private static @Nullable HostTensor filled(NodeDef node) {
    TensorProto tensor = node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
    if (!node.getOp().equals("Const")
        || tensor.getDtype() != DataType.DT_FLOAT
        || tensor.getTensorShape().getDimCount() != 1) {
      return null;
    }
    float[] values = new float[Math.toIntExact(tensor.getTensorShape().getDim(0).getSize())];
    ByteBuffer content =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int given = tensor.getFloatValCount();
    for (int i = 0; i < values.length; i++) {
      // the last number of a list stands for all after it
      values[i] =
          content.hasRemaining()
              ? content.getFloat()
              : given == 0 ? 0 : tensor.getFloatVal(Math.min(i, given - 1));
    }
    return new HostTensor(Shape.of(values.length), values);
  }

  private void fold(NodeDef normalization) {
    String before = normalization.getInput(0);
    NodeDef sum = nodes.get(before);
    if (sum == null
        || !isOnlyFor(before)
        || !isChannelsLast(normalization)
        || normalization.getAttrOrThrow("is_training").getB()) {
      return;
    }
    boolean biased = sum.getOp().equals("BiasAdd");
    String of = biased ? sum.getInput(0) : before;
    NodeDef convolution = nodes.get(of);
    if (convolution == null || !isOnlyFor(of) || !isChannelsLast(convolution)) {
      return;
    }
    ChannelAxes channels = CONVOLUTIONS.get(convolution.getOp());
    Optional<Scaling> scaling = scaling(normalization, biased ? sum.getInput(1) : null);
    if (channels == null || scaling.isEmpty()) {
      return;
    }
    HostTensor kernel = constants.get(convolution.getInput(channels.input()));
    if (kernel != null) {
      replace(normalization, convolution, channels, kernel, scaling.get());
    }
  }

  /** What layers of a user's own make may have channels before height and width. */
  private static boolean isChannelsLast(NodeDef node) {
    AttrValue format = node.getAttrOrDefault("data_format", AttrValue.getDefaultInstance());
    return format.getS().isEmpty() || format.getS().toStringUtf8().equals("NHWC");
  }

  private boolean isOnlyFor(String node) {
    return uses.getOrDefault(node, 0) == 1;
  }

  /** What a normalization multiplies each channel by, and what it adds then. */
  @SuppressWarnings("ArrayRecordComponent") // passed on once
  private record Scaling(float[] factors, float[] shifts) {}

  private Optional<Scaling> scaling(NodeDef normalization, @Nullable String bias) {
    HostTensor gamma = constants.get(normalization.getInput(1));
    HostTensor beta = constants.get(normalization.getInput(2));
    HostTensor mean = constants.get(normalization.getInput(3));
    HostTensor variance = constants.get(normalization.getInput(4));
    HostTensor added = bias == null ? beta : constants.get(bias);
    if (gamma == null || beta == null || mean == null || variance == null || added == null) {
      return Optional.empty();
    }
    double epsilon = normalization.getAttrOrThrow("epsilon").getF();
    float[] factors = new float[gamma.values().length];
    float[] shifts = new float[factors.length];
    for (int i = 0; i < factors.length; i++) {
      double factor = gamma.values()[i] / Math.sqrt(variance.values()[i] + epsilon);
      double offset = (bias == null ? 0 : added.values()[i]) - (double) mean.values()[i];
      factors[i] = (float) factor;
      shifts[i] = (float) (beta.values()[i] + offset * factor);
    }
    return Optional.of(new Scaling(factors, shifts));
  }

  private void replace(
      NodeDef normalization,
      NodeDef convolution,
      ChannelAxes channels,
      HostTensor kernel,
      Scaling scaling) {
    DataType type = convolution.getAttrOrThrow("T").getType();
    String scaled =
        added(convolution.getName() + "/folded", scaled(kernel, channels, scaling), type);
    String shift =
        added(
            normalization.getName() + "/folded",
            new HostTensor(Shape.of(scaling.shifts().length), scaling.shifts()),
            type);
    NodeDef.Builder sum = NodeDef.newBuilder().setName(normalization.getName()).setOp("BiasAdd");
    sum.setDevice(normalization.getDevice())
        .addInput(convolution.getName())
        .addInput(shift)
        .putAttr("T", type(type));
    nodes.put(
        convolution.getName(), convolution.toBuilder().setInput(channels.input(), scaled).build());
    nodes.put(normalization.getName(), sum.build());
  }

  /** Adds a constant, and returns the node that has it as {@code type}. */
  private String added(String wanted, HostTensor value, DataType type) {
    String name = free(wanted);
    nodes.put(name, constant(name, value));
    if (type == DataType.DT_FLOAT) {
      return name;
    }
    String cast = free(name + "/cast");
    nodes.put(
        cast,
        NodeDef.newBuilder()
            .setName(cast)
            .setOp("Cast")
            .addInput(name)
            .putAttr("SrcT", type(DataType.DT_FLOAT))
            .putAttr("DstT", type(type))
            .build());
    return cast;
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 1; nodes.containsKey(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  private static HostTensor scaled(HostTensor kernel, ChannelAxes channels, Scaling scaling) {
    int inner = 1;
    for (int axis = channels.first() + channels.count(); axis < kernel.shape().rank(); axis++) {
      inner *= kernel.shape().size(axis);
    }
    float[] values = kernel.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= scaling.factors()[i / inner % scaling.factors().length];
    }
    return new HostTensor(kernel.shape(), values);
  }

  private static NodeDef constant(String name, HostTensor value) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * value.values().length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(value.values());
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : value.shape().toArray()) {
      shape.addDimBuilder().setSize(size);
    }
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(shape)
            .setTensorContent(ByteString.copyFrom(bytes))
            .build();
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
        .build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }
}
