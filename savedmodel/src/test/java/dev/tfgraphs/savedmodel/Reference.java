package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Closer;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Lowered;
import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.graphs.Variable;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/** What a model makes of a batch in a graph and session of its own, without any file. */
final class Reference {
  private Reference() {}

  /** The outputs in the model's order. */
  static ImmutableList<HostTensor> outputs(
      Model model, Weights weights, Map<String, HostTensor> batch) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Closer tensors = Closer.create()) {
      Ops tf = Ops.create(graph);
      List<Operand<TFloat32>> inputs = new ArrayList<>();
      model
          .inputs()
          .forEach(
              input ->
                  inputs.add(
                      tf.placeholder(
                          TFloat32.class, Placeholder.shape(Elements.shape(input.shape())))));
      Lowered lowered = lower(tf, model, inputs);
      session.initialize();
      for (Variable variable : lowered.variables()) {
        TFloat32 value = Elements.float32(weights.get(variable.name()));
        tensors.register(value::close);
        session.run(tf.assignVariableOp(variable.handle(), tf.constantOf(value)));
      }
      Session.Runner runner = session.runner();
      for (int i = 0; i < inputs.size(); i++) {
        String name = model.nameOf(model.inputs().get(i).layer());
        TFloat32 value = Elements.float32(Objects.requireNonNull(batch.get(name)));
        tensors.register(value::close);
        runner.feed(inputs.get(i), value);
      }
      lowered.outputs().forEach(output -> runner.fetch(tf.identity(output)));
      try (Result result = runner.run()) {
        return copies(result);
      }
    }
  }

  private static ImmutableList<HostTensor> copies(Result result) {
    SignatureTensor any = new SignatureTensor("any", DataType.DT_FLOAT, Optional.empty());
    ImmutableList.Builder<HostTensor> copies = ImmutableList.builder();
    result.forEach(entry -> copies.add(Elements.toHost(entry.getValue(), any)));
    return copies.build();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static Lowered lower(Ops tf, Model model, List<Operand<TFloat32>> inputs) {
    return Lowering.of(tf, model, 1).emit(Mode.INFERENCE, inputs.toArray(new Operand[0]));
  }
}
