package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    if (!Npz.isNpz(file)) {
      throw new CommandException(
          "DATA: expected a file that ends in .npz, received '" + file + "'");
    }
    try (Npz arrays = Npz.open(file)) {
      List<String> x = names("x", inputs(model));
      List<String> y = targets(model, judged);
      check(arrays, ImmutableSet.copyOf(Stream.concat(x.stream(), y.stream()).toList()));
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

  private static ImmutableList<String> inputs(Model model) {
    return namesOf(model, model.inputs());
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

  private static void check(Npz arrays, ImmutableSet<String> wanted) {
    if (!Sets.difference(arrays.names(), ImmutableSet.of(WEIGHTS)).equals(wanted)) {
      throw new CommandException(
          "arrays %s: expected %s and, if there are weights, %s, received %s"
              .formatted(
                  arrays.file(),
                  String.join(", ", wanted),
                  WEIGHTS,
                  arrays.names().isEmpty() ? "none" : String.join(", ", arrays.names())));
    }
  }

  /** As in Keras, a last axis of 1 may be missing or be there although the model has none. */
  private static Samples input(NumpyArray array, Shape wanted) {
    int[] sample = sample(array);
    int rank = sample.length + 1;
    if (rank == wanted.rank() - 1 && wanted.size(-1) == 1) {
      sample = Arrays.copyOf(sample, rank);
      sample[rank - 1] = 1;
    } else if (rank == wanted.rank() + 1 && sample[sample.length - 1] == 1) {
      sample = Arrays.copyOf(sample, sample.length - 1);
    }
    return array.inputs(sample);
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
