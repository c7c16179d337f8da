package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.SignatureTensor;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A file, opened as the network that it holds or has the weights of, which predicts. Who opens it
 * closes it.
 */
sealed interface ModelFile extends AutoCloseable permits DescribedModel, ServedModel {
  /** How the help of a command calls all that can be opened. */
  String DESCRIPTION =
      "A .keras file, a whole .h5, a SavedModel or a folder that 'train' wrote; with --model, too,"
          + " weights: .weights.h5, .weights.json, .h5, .safetensors or a TensorFlow checkpoint.";

  /** What is predicted from. */
  ImmutableList<SignatureTensor> inputs();

  /** What is predicted. */
  ImmutableList<SignatureTensor> outputs();

  /** The names of the classes; none if unknown. */
  ImmutableList<String> classNames();

  /** Whether 'train' wrote it. */
  boolean isTrained();

  /** What a command says of the file before it goes on, if there is something. */
  Optional<String> note();

  /**
   * What each output makes of a batch.
   *
   * @param batch one tensor for each input, {@code (batch, ...)}
   */
  ImmutableList<HostTensor> predict(List<HostTensor> batch);

  @Override
  void close();

  /**
   * Opens what is at {@code path}.
   *
   * @param model the option {@code --model}: where it is given, the file has weights of that
   *     network, and of a SavedModel or a whole model its weights alone count
   * @throws CommandException if the file has weights only and {@code model} is not given, or if it
   *     names no network
   * @throws dev.tfgraphs.savedmodel.ModelFileException if nothing is there, it cannot be read, or
   *     its weights are not those of the network
   */
  static ModelFile open(Path path, Optional<String> model) {
    Path place = ModelFolder.place(path);
    boolean served = model.isEmpty() && FileKind.of(place) == FileKind.SAVED_MODEL;
    return served ? new ServedModel(SavedModels.load(place)) : described(place, model);
  }

  /**
   * Opens what is at {@code path} as a network: of a run what it can be trained on from. A
   * SavedModel needs {@code model} for that.
   *
   * @throws CommandException as {@link #open}
   * @throws dev.tfgraphs.savedmodel.ModelFileException as {@link #open}
   */
  static DescribedModel described(Path path, Optional<String> model) {
    Path place = ModelFolder.network(path);
    if (model.isPresent()) {
      Model described = Architectures.of(model.get());
      FileContents contents = FileContents.of(place);
      return DescribedModel.of(
          described,
          WeightFiles.read(place, described, FirstResNet50.options(contents, described)),
          FirstResNet50.note(path, contents, described));
    }
    FileKind kind = FileKind.of(place);
    if (!kind.hasModel()) {
      throw new CommandException(
          "model %s: expected a network, received %s, which has none; say --model NAME (%s) or --model FILE (%s)"
              .formatted(path, kind, Architectures.names(), Architectures.FILES));
    }
    return DescribedModel.of(KerasModels.load(place));
  }

  /**
   * What each output makes of all samples, so many at once.
   *
   * @param values one tensor for each input, {@code (count, ...)}, of as many samples each
   */
  default List<HostTensor> predict(List<HostTensor> values, int batchSize) {
    List<List<HostTensor>> parts = new ArrayList<>();
    int count = Tensors.count(values.get(0));
    for (int from = 0; from < count; from += batchSize) {
      int start = from;
      int end = Math.min(from + batchSize, count);
      parts.add(predict(values.stream().map(all -> Tensors.slice(all, start, end)).toList()));
    }
    return IntStream.range(0, outputs().size())
        .mapToObj(output -> Tensors.joined(parts.stream().map(part -> part.get(output)).toList()))
        .toList();
  }

  /** How many classes it tells apart; none if it does not give {@code (None, classes)} alone. */
  default Optional<Integer> classes() {
    return outputs().size() == 1
        ? outputs()
            .get(0)
            .shape()
            .filter(shape -> shape.rank() == 2)
            .map(shape -> shape.size(1))
            .filter(classes -> classes > 1)
        : Optional.empty();
  }

  /**
   * Sees that outputs are told apart by their names.
   *
   * @throws CommandException if two results of one layer are outputs
   */
  default void checkOutputNames() {
    List<String> names = outputs().stream().map(SignatureTensor::name).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new CommandException(
          "--output: expected a model with outputs of different layers, received " + names);
    }
  }

  /** Shapes in words, {@code (None, 224, 224, 3) and (None, 5)}. */
  static String shapes(List<SignatureTensor> tensors) {
    return tensors.stream()
        .map(tensor -> tensor.shape().map(Object::toString).orElse("one of any shape"))
        .collect(Collectors.joining(" and "));
  }
}
