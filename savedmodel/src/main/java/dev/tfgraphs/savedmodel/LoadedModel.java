package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;

/**
 * A SavedModel that is ready to predict. It owns native memory and must be closed. Any number of
 * threads may predict at once; {@link #close} waits for them.
 *
 * <p>Where no signature is named, {@code serving_default} is meant, or the only one that there is.
 */
public final class LoadedModel implements AutoCloseable {
  private static final ImmutableSet<String> VARIABLES =
      ImmutableSet.of("VarHandleOp", "VariableV2");
  private static final String VALUES = "variables/variables.index";

  /** What TensorFlow says of files that are not whole; TensorFlow Java has no exception for it. */
  private static final ImmutableSet<String> DAMAGE =
      ImmutableSet.of("Read less bytes than requested", "not an sstable", "Can't parse");

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final SavedModelBundle bundle;
  private final Path folder;
  private final ImmutableSortedMap<String, SignatureCall> calls;

  /** Why signatures cannot be called that others do not need. */
  private final Map<String, ModelFileException> odd = new TreeMap<>();

  private final ImmutableList<String> classNames;
  private boolean closed;

  private LoadedModel(SavedModelBundle bundle, Path folder) {
    this.bundle = bundle;
    this.folder = folder;
    checkVariables(bundle.metaGraphDef(), folder);
    this.calls = calls();
    if (calls.isEmpty()) {
      failIfOdd(odd.keySet().stream().findFirst().orElse(""));
      throw ModelFileException.at(folder, "expected a signature, found none");
    }
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
      throw ModelFileException.at(
          folder, damaged ? "a file is cut off or damaged" : "cannot be read", e);
    }
  }

  /** TensorFlow loads variables without their values, and fails when it predicts. */
  private static void checkVariables(MetaGraphDef metaGraph, Path folder) {
    boolean variables =
        metaGraph.getGraphDef().getNodeList().stream()
            .anyMatch(node -> VARIABLES.contains(node.getOp()));
    if (variables && Files.notExists(folder.resolve(VALUES))) {
      throw ModelFileException.at(
          folder, "expected " + VALUES + " beside saved_model.pb, found none");
    }
  }

  private ImmutableSortedMap<String, SignatureCall> calls() {
    ImmutableSortedMap.Builder<String, SignatureCall> calls = ImmutableSortedMap.naturalOrder();
    for (Map.Entry<String, SignatureDef> each :
        bundle.metaGraphDef().getSignatureDefMap().entrySet()) {
      if (!each.getKey().startsWith(MetaGraph.FOR_LOADER)) {
        try {
          calls.put(
              each.getKey(), SignatureCall.of(each.getKey(), each.getValue(), bundle.graph()));
        } catch (RuntimeException e) {
          odd.put(
              each.getKey(), ModelFileException.at(folder, "signature '" + each.getKey() + "'", e));
        }
      }
    }
    return calls.buildOrThrow();
  }

  /** Fails if a signature is named that cannot be called. */
  private void failIfOdd(String signature) {
    ModelFileException failure = odd.get(signature);
    if (failure != null) {
      throw failure;
    }
  }

  private SignatureCall call() {
    failIfOdd(MetaGraph.SIGNATURE);
    SignatureCall call =
        calls.size() == 1 ? calls.values().asList().get(0) : calls.get(MetaGraph.SIGNATURE);
    if (call == null) {
      throw ModelFileException.at(
          folder,
          "expected the signature "
              + MetaGraph.SIGNATURE
              + " where none is named, found "
              + calls.keySet());
    }
    return call;
  }

  private SignatureCall call(String signature) {
    failIfOdd(signature);
    SignatureCall call = calls.get(signature);
    if (call == null) {
      throw ModelFileException.at(
          folder, "expected a signature of " + calls.keySet() + ", received '" + signature + "'");
    }
    return call;
  }

  /**
   * {@return the ways to call it, in the order of their names; without those of tensors that are
   * not known here, sparse ones for example, which fail when they are named}
   */
  public ImmutableList<Signature> signatures() {
    return calls.values().stream()
        .map(SignatureCall::signature)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * {@return what is predicted from, in the order of the names}
   *
   * @throws ModelFileException if there are several signatures, and no {@code serving_default}
   */
  public ImmutableList<SignatureTensor> inputs() {
    return call().signature().inputs();
  }

  /**
   * {@return what is predicted, in the order of the names}
   *
   * @throws ModelFileException if there are several signatures, and no {@code serving_default}
   */
  public ImmutableList<SignatureTensor> outputs() {
    return call().signature().outputs();
  }

  /** {@return the version folder that it was loaded from} */
  public Path folder() {
    return folder;
  }

  /** {@return the names of the classes, in the order of the output's values; none if unknown} */
  public ImmutableList<String> classNames() {
    return classNames;
  }

  /**
   * {@return what a model with one input and one output makes of a batch}
   *
   * @param input shaped as the input, {@code (batch, height, width, channels)} for images
   * @throws ModelFileException if the model has more inputs or outputs, or as {@link #predict(Map)}
   */
  public HostTensor predict(HostTensor input) {
    Signature signature = single(call()).signature();
    return predict(Map.of(signature.inputs().get(0).name(), input)).values().asList().get(0);
  }

  /** Fails unless there is one input and one output. */
  private static SignatureCall single(SignatureCall call) {
    Signature signature = call.signature();
    if (signature.inputs().size() != 1 || signature.outputs().size() != 1) {
      throw new ModelFileException(
          "predict: expected a model of one input and one output, received one of inputs "
              + names(signature.inputs())
              + " and outputs "
              + names(signature.outputs()));
    }
    return call;
  }

  private static List<String> names(List<SignatureTensor> tensors) {
    return tensors.stream().map(SignatureTensor::name).toList();
  }

  /**
   * {@return all outputs by name}
   *
   * @param values all inputs by name; whole numbers where the model takes integers, 0 and 1 where
   *     it takes what is true or not
   * @throws ModelFileException if an input is missing, unknown or of another shape, if TensorFlow
   *     fails, or after {@link #close}
   */
  public ImmutableMap<String, HostTensor> predict(Map<String, HostTensor> values) {
    return whileOpen(session -> call().predict(session, values));
  }

  /**
   * {@return all outputs by name, of the signature called so}
   *
   * @param values all inputs by name, as for {@link #predict(Map)}
   * @throws ModelFileException if there is no such signature, or as {@link #predict(Map)}
   */
  public ImmutableMap<String, HostTensor> predict(
      String signature, Map<String, HostTensor> values) {
    return whileOpen(session -> call(signature).predict(session, values));
  }

  /**
   * Runs a signature on tensors of any type, such as encoded images, {@code
   * TString.tensorOfBytes(...)}, or large integers.
   *
   * @param inputs all inputs by name; they stay the caller's
   * @param use is given all outputs by name, which are closed when it returns
   * @return what {@code use} returns
   * @throws ModelFileException if there is no such signature, an input is missing, unknown, of
   *     another type or shape, if TensorFlow fails, or after {@link #close}
   */
  public <T> T run(
      String signature, Map<String, Tensor> inputs, Function<ImmutableMap<String, Tensor>, T> use) {
    SignatureCall call = call(signature);
    ImmutableList<Tensor> results = whileOpen(session -> call.run(session, inputs));
    try {
      ImmutableMap.Builder<String, Tensor> outputs = ImmutableMap.builder();
      for (int i = 0; i < results.size(); i++) {
        outputs.put(call.signature().outputs().get(i).name(), results.get(i));
      }
      return use.apply(outputs.buildOrThrow());
    } finally {
      results.forEach(Tensor::close);
    }
  }

  /**
   * {@return data whose first input is what this model makes of the first input of {@code data}}
   * That is how a loaded model stands, with its weights as they are, before a head that learns:
   * {@code trainer.fit(loaded.applyTo(train), ...)}. The model runs on each batch of each pass, and
   * has to stay open while there are batches to come. It has one input, of the type of the data,
   * and one output of known sizes.
   *
   * @throws ModelFileException if the model has more inputs or outputs, does not take what {@code
   *     data} has, or does not say which sizes it gives
   */
  public Dataset applyTo(Dataset data) {
    return Features.of(this, single(call()).signature(), data);
  }

  /** What the one output is for one input, which the caller closes. */
  Tensor output(Tensor input) {
    SignatureCall call = call();
    Map<String, Tensor> inputs = Map.of(call.signature().inputs().get(0).name(), input);
    return whileOpen(session -> call.run(session, inputs)).get(0);
  }

  private <T> T whileOpen(Function<Session, T> use) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new ModelFileException(
            "loaded model: expected to be open, but close() has been called");
      }
      return use.apply(bundle.session());
    } finally {
      lock.readLock().unlock();
    }
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
