package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.RandomCrop;
import dev.tfgraphs.ops.Weight;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which seed each random weight and each random layer gets: Keras draws them as layers are made.
 */
final class Seeds {
  private static final List<String> BATCH_NORMALIZATION =
      List.of("beta", "gamma", "moving_mean", "moving_variance");

  private final Map<String, Long> ofWeights = new HashMap<>();
  private final Map<Layer, Long> ofLayers = new HashMap<>();

  Seeds(Model model, long seed) {
    PythonRandom random = new PythonRandom(seed);
    Map<Layer, List<Weight>> weights =
        model.weights().stream().collect(Collectors.groupingBy(Weight::layer));
    for (Layer layer : model.layersAsMade()) {
      for (Weight weight : drawn(layer, weights.getOrDefault(layer, List.of()))) {
        if (weight.spec().initializer().needsSeed()) {
          ofWeights.put(weight.path(), (long) random.nextSeed());
        }
      }
      if (layer instanceof RandomCrop && layer.needsSeed()) {
        random.nextSeed(); // Keras's constructor draws one that it only reports
      }
      if (layer.needsSeed()) {
        ofLayers.put(layer, (long) random.nextSeed());
      }
    }
  }

  /**
   * The weights in the order in which Keras's constructor of the layer makes their initializers.
   */
  private static List<Weight> drawn(Layer layer, List<Weight> weights) {
    return layer instanceof BatchNormalization
        ? weights.stream()
            .sorted(
                Comparator.comparingInt(
                    weight -> BATCH_NORMALIZATION.indexOf(weight.spec().name())))
            .toList()
        : weights;
  }

  /** The seed of a weight's initializer; 0 for those that need none. */
  long of(Weight weight) {
    return ofWeights.getOrDefault(weight.path(), 0L);
  }

  /** The seed of a layer that draws in training; 0 for those that need none. */
  long of(Layer layer) {
    return ofLayers.getOrDefault(layer, 0L);
  }
}
