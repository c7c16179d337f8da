package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.io.Closer;
import dev.tfgraphs.graphs.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** A signature and where its tensors are in the graph of a loaded model. */
final class SignatureCall {
  private final Signature signature;
  private final ImmutableList<Output<?>> fed;
  private final ImmutableList<Output<?>> fetched;

  private SignatureCall(
      Signature signature, ImmutableList<Output<?>> fed, ImmutableList<Output<?>> fetched) {
    this.signature = signature;
    this.fed = fed;
    this.fetched = fetched;
  }

  /** What is called {@code name}; fails if it speaks of what is no tensor. */
  static SignatureCall of(String name, SignatureDef definition, Graph graph) {
    ImmutableSortedMap<String, TensorInfo> inputs =
        ImmutableSortedMap.copyOf(definition.getInputsMap());
    ImmutableSortedMap<String, TensorInfo> outputs =
        ImmutableSortedMap.copyOf(definition.getOutputsMap());
    Set<String> taken = new HashSet<>();
    inputs.values().forEach(input -> taken.add(input.getName()));
    ImmutableList.Builder<Output<?>> fed = ImmutableList.builder();
    inputs.forEach((tensor, info) -> fed.add(port(tensor, info, graph)));
    ImmutableList.Builder<Output<?>> fetched = ImmutableList.builder();
    outputs.forEach(
        (tensor, info) -> {
          Output<?> output = port(tensor, info, graph);
          fetched.add(taken.add(info.getName()) ? output : copy(output, graph));
        });
    return new SignatureCall(signature(name, definition), fed.build(), fetched.build());
  }

  /** What is called {@code name}, whatever the graph has. */
  static Signature signature(String name, SignatureDef definition) {
    return new Signature(
        name, tensors(definition.getInputsMap()), tensors(definition.getOutputsMap()));
  }

  private static ImmutableList<SignatureTensor> tensors(Map<String, TensorInfo> tensors) {
    ImmutableList.Builder<SignatureTensor> list = ImmutableList.builder();
    ImmutableSortedMap.copyOf(tensors)
        .forEach((name, info) -> list.add(SignatureTensor.of(name, info)));
    return list.build();
  }

  private static Output<?> port(String name, TensorInfo info, Graph graph) {
    if (info.getEncodingCase() != TensorInfo.EncodingCase.NAME) {
      throw new ModelFileException(
          "expected '" + name + "' to be a tensor, received " + info.getEncodingCase());
    }
    return graph.output(info.getName()); // the loader has looked whether it is there
  }

  /** TensorFlow neither fetches what it is fed, nor one tensor twice. */
  private static Output<?> copy(Output<?> output, Graph graph) {
    Operation identity =
        graph
            .opBuilder(
                "Identity",
                OpNames.free(graph, output.op().name() + "/copy"),
                Ops.create(graph).scope())
            .addInput(output)
            .build();
    return identity.output(0);
  }

  Signature signature() {
    return signature;
  }

  /** All outputs by name, of all inputs by name. */
  ImmutableMap<String, HostTensor> predict(Session session, Map<String, HostTensor> values) {
    checkCount(values);
    try (Closer tensors = Closer.create()) {
      ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
      for (SignatureTensor input : signature.inputs()) {
        HostTensor value = given(values, input);
        input.check(value.shape());
        Tensor tensor = Elements.toNative(value, input);
        tensors.register(tensor::close);
        inputs.put(input.name(), tensor);
      }
      ImmutableMap.Builder<String, HostTensor> copies = ImmutableMap.builder();
      ImmutableList<Tensor> results = fetch(session, inputs.buildOrThrow());
      results.forEach(result -> tensors.register(result::close));
      for (int i = 0; i < results.size(); i++) {
        SignatureTensor output = signature.outputs().get(i);
        copies.put(output.name(), Elements.toHost(results.get(i), output));
      }
      return copies.buildOrThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // closing a tensor does no input or output
    }
  }

  /** The outputs in the order of the signature, which the caller closes, of all inputs by name. */
  ImmutableList<Tensor> run(Session session, Map<String, Tensor> values) {
    checkCount(values);
    for (SignatureTensor input : signature.inputs()) {
      input.check(given(values, input));
    }
    return fetch(session, values);
  }

  /** The results' tensors outlive the result, which has no other content. */
  @SuppressWarnings("resource")
  private ImmutableList<Tensor> fetch(Session session, Map<String, Tensor> values) {
    Session.Runner runner = session.runner();
    for (int i = 0; i < fed.size(); i++) {
      runner.feed(fed.get(i), given(values, signature.inputs().get(i)));
    }
    fetched.forEach(runner::fetch);
    List<Tensor> results = new ArrayList<>();
    try {
      runner.run().forEach(entry -> results.add(entry.getValue()));
    } catch (RuntimeException e) {
      throw new ModelFileException("predict: " + ModelFileException.reason(e), e);
    }
    return ImmutableList.copyOf(results);
  }

  private void checkCount(Map<String, ?> values) {
    if (values.size() != signature.inputs().size()) {
      throw otherInputs(values);
    }
  }

  private <T> T given(Map<String, T> values, SignatureTensor input) {
    T value = values.get(input.name());
    if (value == null) {
      throw otherInputs(values);
    }
    return value;
  }

  private ModelFileException otherInputs(Map<String, ?> values) {
    return new ModelFileException(
        "predict: expected inputs "
            + signature.inputs().stream().map(SignatureTensor::name).toList()
            + ", received "
            + ImmutableSortedSet.copyOf(values.keySet()));
  }
}
