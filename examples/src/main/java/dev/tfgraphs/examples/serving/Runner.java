package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.Closer;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Tensor;

/** Calls a signature. */
interface Runner {
  /** What {@code signature} gives for {@code inputs}, by name. */
  ImmutableMap<String, Values> run(Signature signature, Map<String, Values> inputs);

  /** Calls those of {@code model}. */
  static Runner of(LoadedModel model) {
    return (signature, inputs) -> {
      try (Closer tensors = Closer.create()) {
        ImmutableMap.Builder<String, Tensor> fed = ImmutableMap.builder();
        for (SignatureTensor input : signature.inputs()) {
          Tensor tensor = Objects.requireNonNull(inputs.get(input.name())).toNative(input);
          tensors.register(tensor::close);
          fed.put(input.name(), tensor);
        }
        return model.run(signature.name(), fed.buildOrThrow(), given -> copied(signature, given));
      } catch (IOException e) {
        throw new UncheckedIOException(e); // closing a tensor does no input or output
      }
    };
  }

  private static ImmutableMap<String, Values> copied(
      Signature signature, Map<String, Tensor> given) {
    ImmutableMap.Builder<String, Values> outputs = ImmutableMap.builder();
    for (SignatureTensor output : signature.outputs()) {
      Tensor tensor = Objects.requireNonNull(given.get(output.name()));
      outputs.put(output.name(), Values.of(output, tensor));
    }
    return outputs.buildOrThrow();
  }
}
