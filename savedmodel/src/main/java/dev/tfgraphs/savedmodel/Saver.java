package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.Variable;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TString;

/**
 * The ops that write the variables of a graph to files and read them again. TensorFlow Java makes
 * its own for VariableV2 only.
 *
 * @param filename where the files' prefix is fed
 * @param saved the prefix, once the files are written
 * @param restored what sets all variables
 * @param assignments what sets each variable
 */
record Saver(
    Output<?> filename,
    Output<?> saved,
    Operation restored,
    ImmutableMap<Variable, Operation> assignments) {

  /** Adds the ops, called {@code save/...} unless a layer is called so. */
  static Saver into(Graph graph, List<Variable> variables) {
    return new Builder(graph).saver(variables);
  }

  SaverDef proto() {
    return SaverDef.newBuilder()
        .setFilenameTensorName(OpNames.tensor(filename))
        .setSaveTensorName(OpNames.tensor(saved))
        .setRestoreOpName(restored.name())
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .build();
  }

  private static final class Builder {
    private final Graph graph;
    private final String prefix;

    Builder(Graph graph) {
      this.graph = graph;
      this.prefix =
          OpNames.free("save", name -> OpNames.all(graph).anyMatch(op -> op.startsWith(name + "/")))
              + "/";
    }

    Saver saver(List<Variable> variables) {
      Output<?> filename =
          op("Placeholder", "filename", Ops.create(graph))
              .setAttr("dtype", DataType.DT_STRING)
              .setAttr("shape", Shape.scalar())
              .build()
              .output(0);
      Output<?> names =
          constant("tensor_names", variables.stream().map(Variable::name).toArray(String[]::new));
      String[] whole = new String[variables.size()];
      Arrays.fill(whole, "");
      Output<?> slices = constant("shape_and_slices", whole);
      ImmutableMap<Variable, Operation> assignments = restore(variables, filename, names, slices);
      return new Saver(
          filename,
          save(variables, filename, names, slices),
          op("NoOp", "restore_all", after(assignments.values())).build(),
          assignments);
    }

    private Output<?> save(
        List<Variable> variables, Output<?> filename, Output<?> names, Output<?> slices) {
      Operation save =
          op("SaveV2", "SaveV2", Ops.create(graph))
              .addInput(filename)
              .addInput(names)
              .addInput(slices)
              .addInputList(
                  variables.stream()
                      .map(Variable::value)
                      .map(Operand::asOutput)
                      .toArray(Output[]::new))
              .build();
      return op("Identity", "control_dependency", after(List.of(save)))
          .addInput(filename)
          .build()
          .output(0);
    }

    private ImmutableMap<Variable, Operation> restore(
        List<Variable> variables, Output<?> filename, Output<?> names, Output<?> slices) {
      DataType[] types = new DataType[variables.size()];
      Arrays.fill(types, DataType.DT_FLOAT);
      Operation restore =
          op("RestoreV2", "RestoreV2", Ops.create(graph))
              .addInput(filename)
              .addInput(names)
              .addInput(slices)
              .setAttr("dtypes", types)
              .build();
      ImmutableMap.Builder<Variable, Operation> assignments = ImmutableMap.builder();
      for (int i = 0; i < variables.size(); i++) {
        Operation assign =
            op("AssignVariableOp", "Assign_" + i, Ops.create(graph))
                .addInput(variables.get(i).handle().asOutput())
                .addInput(restore.output(i))
                .setAttr("dtype", DataType.DT_FLOAT)
                .build();
        assignments.put(variables.get(i), assign);
      }
      return assignments.buildOrThrow();
    }

    private Output<?> constant(String name, String... values) {
      try (TString tensor = TString.vectorOf(values)) {
        return op("Const", name, Ops.create(graph))
            .setAttr("dtype", DataType.DT_STRING)
            .setAttr("value", tensor)
            .build()
            .output(0);
      }
    }

    private Ops after(Iterable<Operation> controls) {
      return Ops.create(graph).withControlDependencyOps(ImmutableList.copyOf(controls));
    }

    private OperationBuilder op(String type, String name, Ops where) {
      return graph.opBuilder(type, prefix + name, where.scope());
    }
  }
}
