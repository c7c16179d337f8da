package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableList;
import java.util.OptionalLong;

/**
 * How a model is trained: Keras's {@code compile}.
 *
 * @param optimizer how gradients change weights
 * @param loss what is made small
 * @param metrics what else is reported
 * @param seed of first weights, dropout and shuffling; without one, another at each run
 * @param device where it runs
 */
public record Compile(
    Optimizer optimizer,
    Loss loss,
    ImmutableList<Metric> metrics,
    OptionalLong seed,
    Device device) {

  /** {@return these settings, no seed, and the device chosen automatically} */
  public static Compile of(Optimizer optimizer, Loss loss, Metric... metrics) {
    return new Compile(
        optimizer, loss, ImmutableList.copyOf(metrics), OptionalLong.empty(), Device.AUTO);
  }

  /** {@return these settings with a seed, as {@code keras.utils.set_random_seed} takes it} */
  public Compile seed(long seed) {
    return new Compile(optimizer, loss, metrics, OptionalLong.of(seed), device);
  }

  /** {@return these settings on another device} */
  public Compile device(Device device) {
    return new Compile(optimizer, loss, metrics, seed, device);
  }
}
