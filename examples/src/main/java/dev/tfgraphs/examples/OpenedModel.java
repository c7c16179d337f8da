package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;

/** A network that predicts, whatever file it is from. Who makes it closes it. */
final class OpenedModel implements AutoCloseable {
  private final ImmutableList<SignatureTensor> inputs;
  private final ImmutableList<SignatureTensor> outputs;
  private final ImmutableList<String> classNames;
  private final boolean trained;
  private final UnaryOperator<List<HostTensor>> run;
  private final Runnable close;

  private OpenedModel(
      List<SignatureTensor> inputs,
      List<SignatureTensor> outputs,
      List<String> classNames,
      boolean trained,
      UnaryOperator<List<HostTensor>> run,
      Runnable close) {
    this.inputs = ImmutableList.copyOf(inputs);
    this.outputs = ImmutableList.copyOf(outputs);
    this.classNames = ImmutableList.copyOf(classNames);
    this.trained = trained;
    this.run = run;
    this.close = close;
  }

  /** The network of a file, which this closes. */
  static OpenedModel of(ModelFile file) {
    return file instanceof ModelFile.Served served
        ? of(served.loaded())
        : of((ModelFile.Described) file);
  }

  /** A SavedModel, which this closes. */
  static OpenedModel of(LoadedModel loaded) {
    List<String> names = loaded.inputs().stream().map(SignatureTensor::name).toList();
    UnaryOperator<List<HostTensor>> run =
        values -> {
          ImmutableMap.Builder<String, HostTensor> byName = ImmutableMap.builder();
          for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), values.get(i));
          }
          return loaded.predict(byName.buildOrThrow()).values().asList();
        };
    return new OpenedModel(
        loaded.inputs(),
        loaded.outputs(),
        loaded.classNames(),
        TrainMark.isIn(loaded.folder()),
        run,
        loaded::close);
  }

  private static OpenedModel of(ModelFile.Described file) {
    Predictor predictor = Predictor.of(file.model(), file.weights());
    return new OpenedModel(
        tensors(file.model(), file.model().inputs()),
        tensors(file.model(), file.model().outputs()),
        List.of(),
        false,
        values -> predictor.predict(values.toArray(HostTensor[]::new)),
        predictor::close);
  }

  /**
   * Sees that outputs are told apart by their names.
   *
   * @throws CommandException if two results of one layer are outputs
   */
  void checkOutputNames() {
    List<String> names = outputs.stream().map(SignatureTensor::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new CommandException(
          "--output: expected a model with outputs of different layers, received " + names);
    }
  }

  private static List<SignatureTensor> tensors(Model model, List<Node> nodes) {
    return nodes.stream()
        .map(
            node ->
                new SignatureTensor(
                    model.nameOf(node.layer()), DataType.DT_FLOAT, Optional.of(node.shape())))
        .toList();
  }

  /** What is predicted from. */
  ImmutableList<SignatureTensor> inputs() {
    return inputs;
  }

  /** What is predicted. */
  ImmutableList<SignatureTensor> outputs() {
    return outputs;
  }

  /** Whether 'train' wrote it. */
  boolean isTrained() {
    return trained;
  }

  /** The names of the classes; none if unknown. */
  ImmutableList<String> classNames() {
    return classNames;
  }

  /** How many classes it tells apart; none if it does not give {@code (None, classes)} alone. */
  Optional<Integer> classes() {
    return outputs.size() == 1
        ? outputs
            .get(0)
            .shape()
            .filter(shape -> shape.rank() == 2)
            .map(shape -> shape.size(1))
            .filter(classes -> classes > 1)
        : Optional.empty();
  }

  /**
   * What each output makes of all samples, so many at once.
   *
   * @param values one tensor for each input, {@code (count, ...)}, of as many samples each
   */
  List<HostTensor> predict(List<HostTensor> values, int batchSize) {
    List<List<HostTensor>> parts = new ArrayList<>();
    int count = Tensors.count(values.get(0));
    for (int from = 0; from < count; from += batchSize) {
      int start = from;
      int end = Math.min(from + batchSize, count);
      parts.add(run.apply(values.stream().map(all -> Tensors.slice(all, start, end)).toList()));
    }
    return IntStream.range(0, outputs.size())
        .mapToObj(output -> Tensors.joined(parts.stream().map(part -> part.get(output)).toList()))
        .toList();
  }

  /** Shapes in words, {@code (None, 224, 224, 3) and (None, 5)}. */
  static String shapes(List<SignatureTensor> tensors) {
    return tensors.stream()
        .map(tensor -> tensor.shape().map(Object::toString).orElse("one of any shape"))
        .collect(Collectors.joining(" and "));
  }

  @Override
  public void close() {
    close.run();
  }
}
