package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.PublishedWeights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.savedmodel.FileContents;
import dev.tfgraphs.savedmodel.ReadOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keras's first ResNet50, whose layers are called otherwise and come in another order. Files of its
 * weights are called as today's and told by the names of their layers, whoever wrote them.
 */
final class FirstResNet50 {
  /** What it is called where it is told. */
  static final String CALLED = "Keras's first ResNet50 (release v0.2 of deep-learning-models)";

  private FirstResNet50() {}

  /** How a file is read into {@code model}: by other names if it is such a one, else as it is. */
  static ReadOptions options(FileContents file, Model model) {
    ImmutableMap<String, String> names = names(file, model);
    return names.isEmpty() ? ReadOptions.defaults() : ReadOptions.defaults().renamed(names);
  }

  /** What is said of such a file. */
  static Optional<String> note(Path path, FileContents file, Model model) {
    return names(file, model).isEmpty()
        ? Optional.empty()
        : Optional.of(
            "note: %s has the layers of %s, which are taken by their names"
                .formatted(path, CALLED));
  }

  /** Whether a file is one. */
  static boolean isIn(FileContents file) {
    return PublishedWeights.recognize(file.layers()).isPresent();
  }

  /** The names of today by those of the file, if it is of the first and the model of today's. */
  private static ImmutableMap<String, String> names(FileContents file, Model model) {
    Set<String> ours =
        model.layers().stream().map(model::nameOf).collect(Collectors.toUnmodifiableSet());
    return PublishedWeights.recognize(file.layers())
        .map(PublishedWeights::layerNames)
        .filter(names -> names.values().stream().anyMatch(ours::contains))
        .orElse(ImmutableMap.of());
  }
}
