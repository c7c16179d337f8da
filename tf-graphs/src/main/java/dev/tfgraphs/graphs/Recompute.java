package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Model;

/**
 * What a training makes a second time instead of keeping it (Chen et al. 2016, Training Deep Nets
 * with Sublinear Memory Cost): time for memory. What is learned does not change by it.
 */
public enum Recompute {
  /** All that gradients need of the results of layers is kept from the forward pass on. */
  NONE,

  /**
   * Only some results are kept, each one through which all later layers see the earlier ones: in a
   * residual network what blocks make. What lies between two of them is made again when the
   * gradients arrive there, with the same random numbers, and no average moves twice. In a network
   * without such results all is kept.
   */
  BLOCKS;

  /** The calls of {@code model} behind which its forward pass is cut. */
  ImmutableSet<Integer> cuts(Model model) {
    return this == BLOCKS ? Cuts.of(model) : ImmutableSet.of();
  }
}
