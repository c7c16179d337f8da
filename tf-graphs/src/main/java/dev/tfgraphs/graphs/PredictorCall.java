package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.tensorflow.Tensor;

/** What a caller of a predictor has given, and what comes of it. */
final class PredictorCall {
  private final String name;
  private final ImmutableList<HostTensor> inputs;
  private final Optional<ImmutableList<HostTensor>> results;
  private final CompletableFuture<ImmutableList<HostTensor>> outcome = new CompletableFuture<>();

  private PredictorCall(
      String name, List<HostTensor> inputs, Optional<ImmutableList<HostTensor>> results) {
    this.name = name;
    this.inputs = ImmutableList.copyOf(inputs);
    this.results = results;
  }

  /** A call whose results are new tensors. */
  static PredictorCall of(HostTensor... inputs) {
    return new PredictorCall("predict", ImmutableList.copyOf(inputs), Optional.empty());
  }

  /** A call whose results are not wanted. */
  static PredictorCall warmUp(HostTensor... inputs) {
    return new PredictorCall("warmUp", ImmutableList.copyOf(inputs), Optional.empty());
  }

  /** A call whose results go into {@code results}. */
  static PredictorCall into(List<HostTensor> results, HostTensor... inputs) {
    return new PredictorCall(
        "predictInto", ImmutableList.copyOf(inputs), Optional.of(ImmutableList.copyOf(results)));
  }

  /** Fails if the call cannot enter at {@code slots}, or has no place for each of the outputs. */
  void check(List<Slot> slots, int outputs) {
    if (inputs.isEmpty()) {
      throw new GraphException(name + ": expected an input for each of the model's, received none");
    }
    Admission.check(name, slots, inputs);
    if (results.isPresent() && results.get().size() != outputs) {
      throw new GraphException(
          "%s: expected a tensor for each of the model's outputs, %d, received %d"
              .formatted(name, outputs, results.get().size()));
    }
    results.ifPresent(this::checkDistinct);
  }

  /** What shares an array would be overwritten by what is written last. */
  private void checkDistinct(List<HostTensor> places) {
    for (int i = 0; i < places.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (places.get(i).values() == places.get(j).values()) {
          throw new GraphException(
              "%s: expected an array of its own for each of the model's outputs, received the same"
                      .formatted(name)
                  + " for outputs %d and %d, counted from 0".formatted(j, i));
        }
      }
    }
  }

  ImmutableList<HostTensor> inputs() {
    return inputs;
  }

  int samples() {
    return inputs.get(0).shape().size(0);
  }

  /** Whether the samples of both, which were checked, fit into one batch. */
  boolean isLike(PredictorCall other) {
    for (int i = 0; i < inputs.size(); i++) {
      Shape shape = inputs.get(i).shape();
      if (!other.inputs.get(i).shape().with(0, shape.size(0)).equals(shape)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes the results out of a batch; what keeps it from that is its own failure.
   *
   * @param outputs {@code (batch, ...)}
   * @param from the first of its samples
   * @param alone whether the batch is that of this call, so that results need no rows
   */
  void take(Model model, List<Tensor> outputs, int from, boolean alone) {
    try {
      List<Shape> shapes = new ArrayList<>();
      for (Tensor output : outputs) {
        shapes.add(
            shape(
                model.nameOf(model.outputs().get(shapes.size()).layer()),
                alone ? output.shape() : output.shape().tail().prepend(samples())));
      }
      ImmutableList<HostTensor> places = places(model, shapes);
      for (int i = 0; i < places.size(); i++) {
        float[] values = places.get(i).values();
        long offset = alone ? 0 : (long) from * (values.length / samples());
        outputs.get(i).asRawTensor().data().asFloats().offset(offset).read(values);
      }
      succeed(places);
    } catch (RuntimeException | Error failure) {
      fail(failure);
    }
  }

  private Shape shape(String layer, org.tensorflow.ndarray.Shape shape) {
    long largest = LongStream.of(shape.asArray()).max().orElse(1);
    if (Math.max(largest, shape.size()) > Integer.MAX_VALUE) { // of an array, or of a size
      throw new GraphException(
          "%s: expected results of at most %d numbers, received shape %s for what '%s' makes; predict"
                  .formatted(name, Integer.MAX_VALUE, shape, layer)
              + " for fewer samples at once");
    }
    return Shapes.fromTensorFlow(shape);
  }

  private ImmutableList<HostTensor> places(Model model, List<Shape> shapes) {
    if (results.isEmpty()) {
      return shapes.stream()
          .map(shape -> new HostTensor(shape, new float[Math.toIntExact(shape.elements())]))
          .collect(ImmutableList.toImmutableList());
    }
    for (int i = 0; i < shapes.size(); i++) {
      Shape given = results.get().get(i).shape();
      if (!given.equals(shapes.get(i))) {
        throw new GraphException(
            "%s: expected a tensor of %s for what '%s' makes, received one of %s"
                .formatted(
                    name, shapes.get(i), model.nameOf(model.outputs().get(i).layer()), given));
      }
    }
    return results.get();
  }

  void fail(Throwable failure) {
    outcome.completeExceptionally(failure);
  }

  void succeed(ImmutableList<HostTensor> made) {
    outcome.complete(made);
  }

  /** Waits until the call has been run. */
  void await() throws InterruptedException {
    try {
      var unused = outcome.get();
    } catch (ExecutionException failure) {
      // results() throws what it was
    }
  }

  /** The results of a call once it has been run, or what it has failed with. */
  ImmutableList<HostTensor> results() {
    try {
      return outcome.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }
}
