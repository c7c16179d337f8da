package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.FileKind;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.SavedModels;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.nio.file.Path;
import java.util.Optional;

/** A file, opened as the network that it holds or has the weights of. Who opens it closes it. */
sealed interface ModelFile extends AutoCloseable {
  /** How the help of a command calls all that can be opened. */
  String DESCRIPTION =
      "A .keras file, a whole .h5, a SavedModel or a folder that 'train' wrote; with --model, too,"
          + " weights: .weights.h5, .weights.json, .h5, .safetensors or a TensorFlow checkpoint.";

  /**
   * A network that can be trained, written and run.
   *
   * @param whole the file's own description, if it has one: how the network is trained, too
   * @param note what else there is to say of the file, in a line
   */
  record Described(
      Model model, Weights weights, Optional<KerasModel> whole, Optional<String> note)
      implements ModelFile {
    /** Owns nothing. */
    @Override
    public void close() {}
  }

  /** A SavedModel, which can be run. */
  record Served(LoadedModel loaded) implements ModelFile {
    @Override
    public Optional<String> note() {
      return Optional.empty();
    }

    @Override
    public void close() {
      loaded.close();
    }
  }

  /** What a command says of the file before it goes on, if there is something. */
  Optional<String> note();

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
    return served ? new Served(SavedModels.load(place)) : described(place, model);
  }

  /**
   * Opens what is at {@code path} as a network: of a run what it can be trained on from. A
   * SavedModel needs {@code model} for that.
   *
   * @throws CommandException as {@link #open}
   * @throws dev.tfgraphs.savedmodel.ModelFileException as {@link #open}
   */
  static Described described(Path path, Optional<String> model) {
    Path place = ModelFolder.network(path);
    if (model.isPresent()) {
      Model described = Architectures.of(model.get());
      FileContents contents = FileContents.of(place);
      return new Described(
          described,
          WeightFiles.read(place, described, FirstResNet50.options(contents, described)),
          Optional.empty(),
          FirstResNet50.note(path, contents, described));
    }
    FileKind kind = FileKind.of(place);
    if (!kind.hasModel()) {
      throw new CommandException(
          "model %s: expected a network, received %s, which has none; say --model NAME (%s) or --model FILE (%s)"
              .formatted(path, kind, Architectures.names(), Architectures.FILES));
    }
    KerasModel whole = KerasModels.load(place);
    return new Described(whole.model(), whole.weights(), Optional.of(whole), Optional.empty());
  }
}
