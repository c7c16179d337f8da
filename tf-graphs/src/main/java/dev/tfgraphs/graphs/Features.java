package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.TensorSpec;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.proto.DataType;

/** Makes once what the frozen part of a trainer's model makes of samples, or takes it as kept. */
final class Features implements AutoCloseable {
  /** The training was stopped while features were made. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Stopped() {
      super(null, null, false, false);
    }
  }

  private final Trainer trainer;
  private final ImmutableList<Shape> shapes;
  private final FeatureCache.Store store;

  private Features(Trainer trainer, FeatureCache cache) {
    this.trainer = trainer;
    this.shapes =
        trainer.graph().frozen().slots().stream()
            .map(slot -> Shapes.fromTensorFlow(slot.value().shape()))
            .collect(ImmutableList.toImmutableList());
    try {
      store = cache.open(part(trainer), bytes());
    } catch (IOException e) {
      throw failed("opened", e);
    }
  }

  /** Features that the frozen part of the model makes as it is now. */
  static Features of(Trainer trainer, FeatureCache cache) {
    return new Features(trainer, cache);
  }

  /** Fails where there is nothing to keep, or nothing of one size. */
  static void check(Trainer trainer) {
    ImmutableList<Slot> slots = trainer.graph().frozen().slots();
    if (slots.isEmpty()) {
      throw new GraphException(
          "fit: expected frozen layers behind the inputs, whose features could be kept, received a"
              + " model in which something before them trains, is random or is one's own");
    }
    boolean known =
        slots.stream()
            .allMatch(slot -> Shapes.fromTensorFlow(slot.value().shape()).with(0, 1).isKnown());
    if (!known || !trainer.admission().hasKnownTargets()) {
      throw new GraphException(
          "fit: expected inputs of one size, so that features could be kept, received a model that"
              + " takes any");
    }
  }

  /** What stands for the frozen part: layers, how they are joined, and weights. */
  private static HashCode part(Trainer trainer) {
    FrozenPart frozen = trainer.graph().frozen();
    Hasher hasher = Hashing.sha256().newHasher();
    hasher.putUnencodedChars(frozen.described() + trainer.compile().precision());
    frozen.slots().forEach(slot -> hasher.putUnencodedChars(slot.value().shape().toString()));
    Weights weights = trainer.weights();
    for (Variable variable : trainer.graph().variables()) {
      if (frozen.has(variable.weight().layer())) {
        for (float value : weights.get(variable.name()).values()) {
          hasher.putFloat(value);
        }
      }
    }
    return hasher.hash();
  }

  /** The same data with features in place of their inputs. */
  Dataset of(Dataset data, int batchSize, ProgressBar bar) {
    int[] step = new int[1];
    return data.cache(
        batchSize,
        shapes.stream().map(Features::spec).toList(),
        batch -> {
          if (trainer.isStopped()) {
            throw new Stopped();
          }
          List<byte[]> features = of(batch);
          bar.update(++step[0], ImmutableMap.of());
          return features;
        });
  }

  /** The store's own arrays. */
  private List<byte[]> of(Batch batch) {
    List<HashCode> samples = hashes(batch);
    if (samples.stream().anyMatch(sample -> store.get(sample).isEmpty())) {
      keep(samples, trainer.features(batch));
    }
    return samples.stream().map(sample -> store.get(sample).orElseThrow()).toList();
  }

  private void keep(List<HashCode> samples, List<HostTensor> features) {
    for (int i = 0; i < samples.size(); i++) {
      if (store.get(samples.get(i)).isEmpty()) {
        ByteBuffer bytes = ByteBuffer.allocate(bytes()).order(ByteOrder.nativeOrder());
        for (HostTensor feature : features) {
          int length = feature.values().length / samples.size();
          bytes.asFloatBuffer().put(feature.values(), i * length, length);
          bytes.position(bytes.position() + length * Float.BYTES);
        }
        put(samples.get(i), bytes.array());
      }
    }
  }

  private void put(HashCode sample, byte[] features) {
    try {
      store.put(sample, features);
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  private static List<HashCode> hashes(Batch batch) {
    List<Hasher> hashers = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      hashers.add(Hashing.sha256().newHasher());
    }
    for (Tensor input : batch.inputs()) {
      ByteDataBuffer data = input.asRawTensor().data();
      String shape = Arrays.toString(input.shape().tail().asArray());
      byte[] row = new byte[Math.toIntExact(data.size() / batch.size())];
      for (int i = 0; i < batch.size(); i++) {
        data.offset((long) i * row.length).read(row);
        hashers.get(i).putInt(input.dataType().getNumber()).putUnencodedChars(shape).putBytes(row);
      }
    }
    return hashers.stream().map(Hasher::hash).toList();
  }

  private static TensorSpec spec(Shape batch) {
    int[] sizes = batch.toArray();
    return new TensorSpec(DataType.DT_FLOAT, Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)));
  }

  private int bytes() {
    return shapes.stream().mapToInt(Features::length).sum();
  }

  private static int length(Shape shape) {
    return Math.toIntExact(shape.with(0, 1).elements() * Float.BYTES);
  }

  private static GraphException failed(String how, IOException cause) {
    return new GraphException(
        "features: expected a cache that can be %s: %s".formatted(how, cause.getMessage()), cause);
  }

  @Override
  public void close() {
    try {
      store.close();
    } catch (IOException e) {
      throw failed("closed", e);
    }
  }
}
