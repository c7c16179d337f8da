package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.Weights;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How weights of a file find their places in a model, and what becomes of those that do not.
 *
 * @param match how layers of the file are told, where the file gives them an order: other files
 *     have names only
 * @param layerNames the model's names of layers by the file's, where these differ
 * @param kept what stands in for weights that the file does not have in the wanted shape; without
 *     it they are an error
 */
@CheckReturnValue
public record ReadOptions(
    Match match, ImmutableMap<String, String> layerNames, Optional<Kept> kept) {
  /** How layers of a file are told. */
  public enum Match {
    /**
     * By their order, as Keras does, but a layer in the place of another that is in the file too is
     * an error. Names that Keras made, {@code conv2d_4}, count only by the order of their numbers.
     */
    ORDER_AND_NAMES,
    /** By their order, whatever their names. */
    ORDER,
    /** By their names, whatever their order. */
    NAMES
  }

  /**
   * What stands in for weights that do not fit.
   *
   * @param weights all weights of the model
   * @param skipped is given a line about each tensor of the file and each weight of the model that
   *     was left out
   */
  public record Kept(Weights weights, Consumer<String> skipped) {}

  /** {@return by order and names, and nothing left out} */
  public static ReadOptions defaults() {
    return new ReadOptions(Match.ORDER_AND_NAMES, ImmutableMap.of(), Optional.empty());
  }

  /**
   * {@return these options with layers told by their names only, as Keras's {@code by_name}; unlike
   * there, what is missing or unused is an error, unless {@link #skipMismatch} says otherwise}
   */
  public ReadOptions byName() {
    return new ReadOptions(Match.NAMES, layerNames, kept);
  }

  /**
   * {@return these options with layers told by their names as {@link #byName} does, of which the
   * file calls some otherwise} Keras's first ResNet50, for example, is read with the {@code
   * layerNames()} of its record in {@code applications}. PyTorch's names are no layers of Keras's
   * and stay as they are.
   *
   * @param names the model's names of layers by the file's, which has to have them all; layers that
   *     are not among them are called alike in both
   */
  public ReadOptions renamed(Map<String, String> names) {
    return new ReadOptions(Match.NAMES, ImmutableMap.copyOf(names), kept);
  }

  /**
   * {@return these options with layers told by their order only}
   *
   * @throws ModelFileException if some are {@link #renamed}
   */
  public ReadOptions byOrder() {
    if (!layerNames.isEmpty()) {
      throw new ModelFileException(
          "read options: expected layers by their order or by other names, received both, "
              + layerNames);
    }
    return new ReadOptions(Match.ORDER, ImmutableMap.of(), kept);
  }

  /**
   * {@return these options, with which weights stay as they are that the file does not have or has
   * in another shape, as Keras's {@code skip_mismatch}}
   *
   * @param weights all weights of the model, {@code trainer.weights()} for example
   * @param skipped is given a line about each tensor of the file and each weight of the model that
   *     was left out
   */
  public ReadOptions skipMismatch(Weights weights, Consumer<String> skipped) {
    return new ReadOptions(match, layerNames, Optional.of(new Kept(weights, skipped)));
  }
}
