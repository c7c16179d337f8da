package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.tfgraphs.graphs.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * Writes {@code signatures.json} beside a model: for each signature inputs, and what Java makes of
 * them. A tensor is its shape and its elements, numbers, strings or bytes in base 64.
 */
final class ConformanceSignatures {
  static final ServingOptions OPTIONS =
      ServingOptions.defaults()
          .classNames(List.of("fox", "hare", "Füchsin"))
          .imageBytes()
          .features("features", "pool", "block_bn");

  private static final Gson GSON = new GsonBuilder().create();

  private ConformanceSignatures() {}

  static void write(Path target, ImmutableMap<String, HostTensor> batch) throws IOException {
    Map<String, Object> signatures = new LinkedHashMap<>();
    List<byte[]> pictures = Pictures.all();
    try (LoadedModel model = SavedModels.load(target.resolve("model"));
        TString encoded =
            TString.tensorOfBytes(NdArrays.vectorOfObjects(pictures.toArray(byte[][]::new)))) {
      for (Signature signature : model.signatures()) {
        String input = signature.inputs().get(0).name();
        boolean bytes = input.equals(EncodedImages.INPUT);
        try (TFloat32 numbers = Elements.float32(batch.values().asList().get(0))) {
          Tensor fed = bytes ? encoded : numbers;
          Object written = bytes ? bytes(pictures) : tensor(numbers);
          Map<String, Object> outputs =
              model.run(signature.name(), Map.of(input, fed), ConformanceSignatures::tensors);
          signatures.put(
              signature.name(), Map.of("inputs", Map.of(input, written), "outputs", outputs));
        }
      }
    }
    Files.writeString(target.resolve("signatures.json"), GSON.toJson(signatures));
  }

  private static Map<String, Object> tensors(Map<String, Tensor> tensors) {
    Map<String, Object> written = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> written.put(name, tensor(tensor)));
    return written;
  }

  private static Map<String, Object> tensor(Tensor tensor) {
    long[] shape = tensor.shape().asArray();
    if (tensor instanceof TString text) {
      List<String> strings = new ArrayList<>();
      text.scalars().forEach(scalar -> strings.add(scalar.getObject()));
      return Map.of("shape", shape, "strings", strings);
    }
    float[] numbers = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(numbers);
    return Map.of("shape", shape, "numbers", numbers);
  }

  private static Map<String, Object> bytes(List<byte[]> encoded) {
    return Map.of(
        "shape",
        new int[] {encoded.size()},
        "bytes",
        encoded.stream().map(Base64.getEncoder()::encodeToString).toList());
  }
}
