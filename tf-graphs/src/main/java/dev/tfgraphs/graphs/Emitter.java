package dev.tfgraphs.graphs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Writes ops into a graph under names of our own. {@code Ops.withSubScope} reads the whole graph at
 * each call, and a name with a slash is refused by {@code withName}; the builder below both takes
 * any name and costs the same for every op.
 */
final class Emitter {
  private final Ops tf;
  private final Graph graph;
  private final Map<String, Integer> counts;
  private final List<Resource> resources;
  private final DataType real;
  private final String prefix;

  private Emitter(
      Ops tf, Map<String, Integer> counts, List<Resource> resources, DataType real, String prefix) {
    this.tf = tf;
    this.graph = (Graph) tf.scope().env();
    this.counts = counts;
    this.resources = resources;
    this.real = real;
    this.prefix = prefix;
  }

  /** An emitter into the graph of {@code tf}, with its scope, device and control dependencies. */
  static Emitter into(Ops tf) {
    if (!(tf.scope().env() instanceof Graph)) {
      throw new GraphException(
          "lowering: expected the Ops of a graph, received an eager session's");
    }
    return new Emitter(tf, new HashMap<>(), new ArrayList<>(), DataType.DT_FLOAT, prefix(tf));
  }

  /** The scope's prefix, which only the names that it makes tell. */
  private static String prefix(Ops tf) {
    String name = tf.scope().makeOpName("lowering");
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /** This emitter with names that begin with {@code name/}; names are free to repeat. */
  Emitter under(String name) {
    return new Emitter(tf, counts, resources, real, prefix + name + "/");
  }

  /** This emitter writing constants with a point as {@code type}. */
  Emitter in(DataType type) {
    return new Emitter(tf, counts, resources, type, prefix);
  }

  /** This emitter writing ops that run after {@code controls}. */
  Emitter after(Iterable<? extends Operation> controls) {
    Ops later = tf.withControlDependencyOps(toList(controls));
    return new Emitter(later, counts, resources, real, prefix);
  }

  /** This emitter writing initializers, which a session runs once before anything else. */
  Emitter initializing() {
    return new Emitter(tf.withInitScope(), counts, resources, real, prefix);
  }

  Ops tf() {
    return tf;
  }

  Graph graph() {
    return graph;
  }

  /** Every variable that this and related emitters have made, in the order of making. */
  List<Resource> resources() {
    return resources;
  }

  /** Begins an op of the given type, named after it. */
  Op op(String type) {
    return op(type, type);
  }

  /** Begins an op of the given type and name. */
  Op op(String type, String name) {
    String exact = unique(prefix + name);
    return new Op(exact, graph.opBuilder(type, exact, tf.scope()));
  }

  private String unique(String wanted) {
    // importGraphDef takes every op whose name starts with Init for an initializer
    String base = wanted.startsWith("Init") ? "layers/" + wanted : wanted;
    int uses = counts.merge(base, 1, Integer::sum);
    String name = uses == 1 ? base : base + "_" + (uses - 1);
    return graph.operation(name) == null ? name : unique(wanted);
  }

  Output<?> scalar(float value) {
    try (TFloat32 tensor = TFloat32.scalarOf(value)) {
      return cast(constant(tensor), real);
    }
  }

  Output<?> scalar(int value) {
    try (TInt32 tensor = TInt32.scalarOf(value)) {
      return constant(tensor);
    }
  }

  Output<?> scalar(long value) {
    try (TInt64 tensor = TInt64.scalarOf(value)) {
      return constant(tensor);
    }
  }

  Output<?> vector(int... values) {
    try (TInt32 tensor = TInt32.vectorOf(values)) {
      return constant(tensor);
    }
  }

  Output<?> vector(long... values) {
    try (TInt64 tensor = TInt64.vectorOf(values)) {
      return constant(tensor);
    }
  }

  Output<?> vector(float... values) {
    try (TFloat32 tensor = TFloat32.vectorOf(values)) {
      return cast(constant(tensor), real);
    }
  }

  /**
   * A value that TensorFlow does not compute with ahead of time. It would otherwise work out
   * initial weights while it plans, and keep them for good.
   */
  Output<?> unfolded(Output<?> constant) {
    return op("PlaceholderWithDefault").in(constant).attr("shape", constant.shape()).out();
  }

  Output<?> constant(Tensor tensor) {
    return op("Const").attr("dtype", tensor.dataType()).attr("value", tensor).out();
  }

  // the handful of ops that every rule needs

  Output<?> add(Output<?> a, Output<?> b) {
    return op("AddV2").in(a, b).out();
  }

  Output<?> sub(Output<?> a, Output<?> b) {
    return op("Sub").in(a, b).out();
  }

  Output<?> mul(Output<?> a, Output<?> b) {
    return op("Mul").in(a, b).out();
  }

  Output<?> div(Output<?> a, Output<?> b) {
    return op("RealDiv").in(a, b).out();
  }

  Output<?> cast(Output<?> x, DataType type) {
    return x.dataType() == type ? x : op("Cast").in(x).attr("DstT", type).out();
  }

  /** The sizes of {@code x} at run time, int32. */
  Output<?> shape(Output<?> x) {
    return op("Shape").in(x).out();
  }

  Output<?> reshape(Output<?> x, Output<?> shape) {
    return op("Reshape").in(x, shape).out();
  }

  /** Sum, Mean, Max or Min over {@code axes}. */
  Output<?> reduce(String type, Output<?> x, boolean keepDims, int... axes) {
    return op(type).in(x, vector(axes)).attr("keep_dims", keepDims).out();
  }

  /** Sum, Mean, Max or Min over everything. */
  Output<?> reduceAll(String type, Output<?> x) {
    int[] axes = new int[x.shape().numDimensions()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return reduce(type, x, false, axes);
  }

  /** An op that does nothing, after {@code controls}. */
  GraphOperation group(String name, Iterable<? extends Operation> controls) {
    return after(controls).op("NoOp", name).build();
  }

  private static List<Operation> toList(Iterable<? extends Operation> operations) {
    List<Operation> list = new ArrayList<>();
    operations.forEach(list::add);
    return list;
  }

  /** An op on its way into the graph. TensorFlow infers type attributes from the inputs. */
  static final class Op {
    private final String name;
    private final OperationBuilder builder;

    private Op(String name, OperationBuilder builder) {
      this.name = name;
      this.builder = builder;
    }

    /** The name that the op will have. */
    String name() {
      return name;
    }

    Op in(Operand<?>... inputs) {
      for (Operand<?> input : inputs) {
        builder.addInput(input.asOutput());
      }
      return this;
    }

    Op list(List<? extends Operand<?>> inputs) {
      builder.addInputList(inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
      return this;
    }

    Op attr(String name, boolean value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, long value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, float value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, String value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, long... value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, DataType value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, DataType[] value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, Shape value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, ConcreteFunction value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, Tensor value) {
      builder.setAttr(name, value);
      return this;
    }

    Op attr(String name, AttrValue value) {
      builder.setAttr(name, value);
      return this;
    }

    GraphOperation build() {
      return (GraphOperation) builder.build();
    }

    Output<?> out() {
      return build().output(0);
    }
  }
}
