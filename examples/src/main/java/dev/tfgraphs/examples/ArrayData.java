package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What Keras's {@code fit} and {@code evaluate} are given, in a file of {@code numpy.savez}: {@code
 * x} and {@code y}, or {@code x_<input>} and {@code y_<output>} where a model has several, and
 * {@code sample_weight}, a number for each sample.
 */
final class ArrayData {
  static final String DESCRIPTION =
      "Arrays of numpy.savez or savez_compressed: x and y, or x_<input> and y_<output> for each of"
          + " several inputs and outputs; sample_weight, if there are weights.";

  private static final String WEIGHTS = "sample_weight";

  private ArrayData() {}

  /**
   * Samples with targets.
   *
   * @param judged the outputs that have a loss
   * @throws CommandException if the file cannot be read, or has not exactly the arrays that the
   *     model takes
   */
  static Dataset read(Path file, Model model, List<String> judged) {
    requireNpz(file);
    try (Npz arrays = Npz.open(file)) {
      List<String> x = names("x", namesOf(model, model.inputs()));
      List<String> y = targets(model, judged);
      check(arrays, ImmutableSet.<String>builder().addAll(x).addAll(y).build(), true);
      ImmutableList.Builder<Samples> inputs = ImmutableList.builder();
      for (int i = 0; i < x.size(); i++) {
        inputs.add(input(arrays.read(x.get(i)), model.inputs().get(i).shape()));
      }
      ImmutableList.Builder<Samples> targets = ImmutableList.builder();
      for (int i = 0; i < y.size(); i++) {
        Node output = model.outputs().get(outputs(model).indexOf(judged.get(i)));
        targets.add(target(arrays.read(y.get(i)), output.shape()));
      }
      ArrayDataset data = Dataset.of(inputs.build(), targets.build());
      return arrays.names().contains(WEIGHTS) ? weighted(data, arrays.read(WEIGHTS)) : data;
    }
  }

  /**
   * The class number {@code y} of each sample of a file that has nothing else beside {@link
   * #inputs}.
   *
   * @throws CommandException if the file cannot be read or has others
   */
  static int[] labels(Path file, List<SignatureTensor> inputs, int classes) {
    requireNpz(file);
    try (Npz arrays = Npz.open(file)) {
      List<String> x = names("x", inputs.stream().map(SignatureTensor::name).toList());
      check(arrays, ImmutableSet.<String>builder().addAll(x).add("y").build(), false);
      return labels(arrays.read("y"), classes);
    }
  }

  private static int[] labels(NumpyArray array, int classes) {
    float[] numbers = array.floats();
    if (array.shape().rank() == 0 || array.shape().size(0) != numbers.length) {
      throw array.problem("expected a class number for each sample, received " + array.shape());
    }
    int[] labels = new int[numbers.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) numbers[i];
      if (labels[i] != numbers[i] || labels[i] < 0 || labels[i] >= classes) {
        throw array.problem(
            "expected class numbers from 0 to %d, received %s in sample %d"
                .formatted(classes - 1, numbers[i], i));
      }
    }
    return labels;
  }

  /**
   * What to predict for, {@code (count, ...)} for each input: {@code x} or {@code x_<input>} of a
   * .npz, or a .npy.
   *
   * @throws CommandException if a file cannot be read, an array is missing, or they are not of as
   *     many samples
   */
  static List<HostTensor> inputs(Path file, List<SignatureTensor> inputs) {
    if (inputs.size() == 1) {
      return List.of(fitted(samples(file), inputs.get(0)));
    }
    requireNpz(file);
    try (Npz arrays = Npz.open(file)) {
      List<HostTensor> all = new ArrayList<>();
      for (SignatureTensor input : inputs) {
        NumpyArray array = arrays.read("x_" + input.name());
        HostTensor fitted = fitted(array, input);
        int count = Tensors.count(all.isEmpty() ? fitted : all.get(0));
        if (Tensors.count(fitted) != count) {
          throw array.problem(
              "expected %d samples, as many as the first input has, received %d"
                  .formatted(count, Tensors.count(fitted)));
        }
        all.add(fitted);
      }
      return all;
    }
  }

  /** The array of a .npy, or {@code x} of a .npz. */
  static NumpyArray samples(Path file) {
    if (!Npz.isNpz(file)) {
      return Npy.read(file);
    }
    try (Npz arrays = Npz.open(file)) {
      return arrays.read("x");
    }
  }

  private static HostTensor fitted(NumpyArray array, SignatureTensor input) {
    int[] sample = fitted(sample(array), input.shape().orElse(array.shape()));
    int[] count = {array.shape().size(0)};
    return new HostTensor(Shape.of(Ints.concat(count, sample)), array.floats());
  }

  private static void requireNpz(Path file) {
    if (!Npz.isNpz(file)) {
      throw new CommandException(
          "DATA: expected a file that ends in .npz, received '" + file + "'");
    }
  }

  private static ImmutableList<String> outputs(Model model) {
    return namesOf(model, model.outputs());
  }

  private static ImmutableList<String> namesOf(Model model, List<Node> nodes) {
    return nodes.stream()
        .map(node -> model.nameOf(node.layer()))
        .collect(ImmutableList.toImmutableList());
  }

  private static List<String> names(String letter, List<String> each) {
    return each.size() == 1
        ? List.of(letter)
        : each.stream().map(name -> letter + "_" + name).toList();
  }

  /** An output alone has no need of a name, one of two of which only one is judged has. */
  private static List<String> targets(Model model, List<String> judged) {
    return outputs(model).size() == 1
        ? names("y", judged)
        : judged.stream().map(name -> "y_" + name).toList();
  }

  private static void check(Npz arrays, ImmutableSet<String> wanted, boolean weighted) {
    Set<String> names = new HashSet<>(arrays.names());
    if (weighted) {
      names.remove(WEIGHTS);
    }
    if (!names.equals(wanted)) {
      throw new CommandException(
          "arrays %s: expected %s%s, received %s"
              .formatted(
                  arrays.file(),
                  String.join(", ", wanted),
                  weighted ? " and, if there are weights, " + WEIGHTS : "",
                  arrays.names().isEmpty() ? "none" : String.join(", ", arrays.names())));
    }
  }

  private static Samples input(NumpyArray array, Shape wanted) {
    return array.inputs(fitted(sample(array), wanted));
  }

  /** As in Keras, a last axis of 1 may be missing or be there although the model has none. */
  private static int[] fitted(int[] sample, Shape wanted) {
    int rank = sample.length + 1;
    if (rank == wanted.rank() - 1 && wanted.size(-1) == 1) {
      int[] longer = Arrays.copyOf(sample, rank);
      longer[rank - 1] = 1;
      return longer;
    }
    return rank == wanted.rank() + 1 && sample[rank - 2] == 1
        ? Arrays.copyOf(sample, rank - 2)
        : sample;
  }

  /** What lacks the classes of the output, or has 1 in their place, is class numbers. */
  private static Samples target(NumpyArray array, Shape output) {
    int[] sample = sample(array);
    int classes = output.size(-1);
    boolean lacking = sample.length == output.rank() - 2;
    boolean one =
        sample.length == output.rank() - 1 && sample.length > 0 && sample[sample.length - 1] == 1;
    return classes != 1 && (lacking || one) ? array.classNumbers(sample) : array.targets(sample);
  }

  private static int[] sample(NumpyArray array) {
    int[] sizes = array.shape().toArray();
    if (sizes.length == 0) {
      throw array.problem("expected an array whose first axis counts samples, received a number");
    }
    return IntStream.of(sizes).skip(1).toArray();
  }

  private static Dataset weighted(ArrayDataset data, NumpyArray weights) {
    if (weights.shape().rank() != 1) {
      throw weights.problem("expected one for each sample, (count,), received " + weights.shape());
    }
    return data.weights(weights.floats());
  }
}
