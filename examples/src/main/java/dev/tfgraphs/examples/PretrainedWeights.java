package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tfgraphs.applications.Heads;
import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.applications.PublishedWeights;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.Downloads;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.ModelFileException;
import dev.tfgraphs.savedmodel.ReadOptions;
import dev.tfgraphs.savedmodel.RemoteFile;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the weights of a network without its top come from.
 *
 * @param named {@value #IMAGENET}, or a file
 */
record PretrainedWeights(String named) {
  /** Those that Keras's authors publish. */
  static final String IMAGENET = "imagenet";

  /**
   * Says what is wrong with a name before anything else is done.
   *
   * @throws CommandException if there is no such file
   */
  void check() {
    if (!named.equals(IMAGENET) && !Files.exists(Path.of(named))) {
      throw new CommandException(
          "--weights: expected "
              + IMAGENET
              + " or a file of weights, received '"
              + named
              + "', which is not there");
    }
  }

  /**
   * The file, fetched if it is one that is published and not there yet.
   *
   * @throws ModelFileException if it cannot be fetched
   */
  Path file(KerasResNet network, Downloads downloads) {
    if (!named.equals(IMAGENET)) {
      return Path.of(named);
    }
    PublishedWeights published = network.weightsWithoutTop();
    return downloads.fetch(
        new RemoteFile(published.address(), published.fileName(), published.md5()));
  }

  /**
   * The weights of {@code backbone} in a file that may have a top, too, which is left out.
   *
   * @throws ModelFileException if these are weights of another network, or there are none
   */
  static Weights read(Path file, KerasResNet network, Model backbone) {
    Model named = backbone.name(network.modelName());
    FileContents contents = FileContents.of(file);
    ReadOptions options = FirstResNet50.options(contents, named);
    OptionalInt classes = classes(contents, backbone);
    if (classes.isEmpty()) {
      return WeightFiles.read(file, named, options);
    }
    Model whole =
        Model.of(backbone.input(), Heads.classifier(backbone.output(), classes.getAsInt()))
            .name(network.modelName());
    Weights all = WeightFiles.read(file, whole, options);
    Set<String> wanted =
        backbone.weights().stream().map(Weight::path).collect(Collectors.toUnmodifiableSet());
    return new Weights(ImmutableMap.copyOf(Maps.filterKeys(all.tensors(), wanted::contains)));
  }

  /** How many classes the top tells apart, by its matrix: the backbone has none. */
  private static OptionalInt classes(FileContents file, Model backbone) {
    int channels = backbone.output().shape().size(3);
    return file.tensors().stream()
        .map(FileContents.Entry::shape)
        .filter(shape -> shape.rank() == 2 && shape.size(0) == channels)
        .mapToInt((Shape shape) -> shape.size(1))
        .findFirst();
  }
}
