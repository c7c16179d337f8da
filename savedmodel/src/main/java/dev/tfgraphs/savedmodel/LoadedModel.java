package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.io.Closer;
import dev.tfgraphs.graphs.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * A SavedModel that is ready to predict. It owns native memory and must be closed. Any number of
 * threads may predict at once; {@link #close} waits for them.
 */
public final class LoadedModel implements AutoCloseable {
  /** A tensor of the signature and where it is in the graph. */
  private record Port(SignatureTensor tensor, Output<?> output) {}

  private static final ImmutableSet<String> VARIABLES =
      ImmutableSet.of("VarHandleOp", "VariableV2");
  private static final String VALUES = "variables/variables.index";

  /** What TensorFlow says of files that are not whole; TensorFlow Java has no exception for it. */
  private static final ImmutableSet<String> DAMAGE =
      ImmutableSet.of("Read less bytes than requested", "not an sstable", "Can't parse");

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final SavedModelBundle bundle;
  private final ImmutableSortedMap<String, Port> inputs;
  private final ImmutableSortedMap<String, Port> outputs;
  private final ImmutableList<String> classNames;
  private boolean closed;

  private LoadedModel(SavedModelBundle bundle, Path folder) {
    this.bundle = bundle;
    checkVariables(bundle.metaGraphDef(), folder);
    SignatureDef signature = signature(bundle.metaGraphDef(), folder);
    this.inputs = ports(signature.getInputsMap());
    this.outputs = ports(signature.getOutputsMap());
    this.classNames = ClassNames.read(folder);
  }

  /** Loads a version folder. */
  static LoadedModel load(Path folder) {
    SavedModelBundle bundle = bundle(folder);
    try {
      return new LoadedModel(bundle, folder);
    } catch (RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  private static SavedModelBundle bundle(Path folder) {
    // soft placement runs a graph that names a GPU without one; growth leaves the rest of the GPU's
    // memory to others
    ConfigProto config =
        ConfigProto.newBuilder()
            .setAllowSoftPlacement(true)
            .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
            .build();
    try {
      return SavedModelBundle.loader(folder.toString())
          .withTags(MetaGraph.TAG)
          .withConfigProto(config)
          .load();
    } catch (RuntimeException e) {
      boolean damaged = DAMAGE.stream().anyMatch(String.valueOf(e.getMessage())::contains);
      throw SavedModelException.at(
          folder, damaged ? "a file is cut off or damaged" : "cannot be read", e);
    }
  }

  /** TensorFlow loads variables without their values, and fails when it predicts. */
  private static void checkVariables(MetaGraphDef metaGraph, Path folder) {
    boolean variables =
        metaGraph.getGraphDef().getNodeList().stream()
            .anyMatch(node -> VARIABLES.contains(node.getOp()));
    if (variables && Files.notExists(folder.resolve(VALUES))) {
      throw SavedModelException.at(
          folder, "expected " + VALUES + " beside saved_model.pb, found none");
    }
  }

  private static SignatureDef signature(MetaGraphDef metaGraph, Path folder) {
    if (!metaGraph.containsSignatureDef(MetaGraph.SIGNATURE)) {
      throw SavedModelException.at(
          folder,
          "expected the signature "
              + MetaGraph.SIGNATURE
              + ", found "
              + ImmutableSortedSet.copyOf(metaGraph.getSignatureDefMap().keySet()));
    }
    return metaGraph.getSignatureDefOrThrow(MetaGraph.SIGNATURE);
  }

  private ImmutableSortedMap<String, Port> ports(Map<String, TensorInfo> tensors) {
    ImmutableSortedMap.Builder<String, Port> ports = ImmutableSortedMap.naturalOrder();
    tensors.forEach((name, info) -> ports.put(name, port(name, info)));
    return ports.buildOrThrow();
  }

  private Port port(String name, TensorInfo info) {
    if (info.getEncodingCase() != TensorInfo.EncodingCase.NAME) {
      throw new SavedModelException(
          "signature: expected '" + name + "' to be a tensor, received " + info.getEncodingCase());
    }
    return new Port(SignatureTensor.of(name, info), bundle.graph().output(info.getName()));
  }

  /** {@return what is predicted from, in the order of the names} */
  public ImmutableList<SignatureTensor> inputs() {
    return tensors(inputs);
  }

  /** {@return what is predicted, in the order of the names} */
  public ImmutableList<SignatureTensor> outputs() {
    return tensors(outputs);
  }

  private static ImmutableList<SignatureTensor> tensors(ImmutableSortedMap<String, Port> ports) {
    return ports.values().stream().map(Port::tensor).collect(ImmutableList.toImmutableList());
  }

  /** {@return the names of the classes, in the order of the output's values; none if unknown} */
  public ImmutableList<String> classNames() {
    return classNames;
  }

  /**
   * {@return what a model with one input and one output makes of a batch}
   *
   * @param input shaped as the input, {@code (batch, height, width, channels)} for images
   * @throws SavedModelException if the model has more inputs or outputs, or as {@link
   *     #predict(Map)}
   */
  public HostTensor predict(HostTensor input) {
    if (inputs.size() != 1 || outputs.size() != 1) {
      throw new SavedModelException(
          "predict: expected a model of one input and one output, received one of inputs "
              + inputs.keySet()
              + " and outputs "
              + outputs.keySet());
    }
    return predict(Map.of(inputs.firstKey(), input)).values().asList().get(0);
  }

  /**
   * {@return all outputs by name}
   *
   * @param values all inputs by name; whole numbers where the model takes integers
   * @throws SavedModelException if an input is missing, unknown or of another shape, if TensorFlow
   *     fails, or after {@link #close}
   */
  public ImmutableMap<String, HostTensor> predict(Map<String, HostTensor> values) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new SavedModelException(
            "loaded model: expected to be open, but close() has been called");
      }
      return run(values);
    } finally {
      lock.readLock().unlock();
    }
  }

  private ImmutableMap<String, HostTensor> run(Map<String, HostTensor> values) {
    if (values.size() != inputs.size()) {
      throw otherInputs(values);
    }
    try (Closer tensors = Closer.create()) {
      Session.Runner runner = bundle.session().runner();
      for (Port input : inputs.values()) {
        Tensor tensor = Elements.toNative(given(values, input.tensor()), input.tensor());
        tensors.register(tensor::close);
        runner.feed(input.output(), tensor);
      }
      outputs.values().forEach(output -> runner.fetch(output.output()));
      try (Result result = run(runner)) {
        return copies(result);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // closing a tensor does no input or output
    }
  }

  private static Result run(Session.Runner runner) {
    try {
      return runner.run();
    } catch (RuntimeException e) {
      throw new SavedModelException("predict: " + SavedModelException.reason(e), e);
    }
  }

  private HostTensor given(Map<String, HostTensor> values, SignatureTensor input) {
    HostTensor value = values.get(input.name());
    if (value == null) {
      throw otherInputs(values);
    }
    input.check(value.shape());
    return value;
  }

  private SavedModelException otherInputs(Map<String, HostTensor> values) {
    return new SavedModelException(
        "predict: expected inputs "
            + inputs.keySet()
            + ", received "
            + ImmutableSortedSet.copyOf(values.keySet()));
  }

  private ImmutableMap<String, HostTensor> copies(Result result) {
    ImmutableMap.Builder<String, HostTensor> copies = ImmutableMap.builder();
    for (int i = 0; i < result.size(); i++) {
      SignatureTensor output = outputs.values().asList().get(i).tensor();
      copies.put(output.name(), Elements.toHost(result.get(i), output));
    }
    return copies.buildOrThrow();
  }

  /** Frees the graph, the session and all weights; more than once does nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        bundle.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
