package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.CifarResNet.conv;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.maxPooling2D;
import static dev.tfgraphs.ops.Layers.rescaling;

import dev.tfgraphs.ops.Node;
import java.util.Collections;

/** How a shortcut gets the sizes of a branch that strides and has more channels. */
public enum Widening {
  /**
   * Every so many pixels as they are and zeros in the new channels, option A of He et al. (2015),
   * with which its networks for CIFAR-10 have the parameters that it counts.
   */
  ZEROS {
    @Override
    Node on(Node x, int channels, int stride) {
      Node kept = stride == 1 ? x : x.to(maxPooling2D(1).strides(stride));
      Node zeros = kept.to(rescaling(0));
      Node[] parts = Collections.nCopies(channels / x.channels(), zeros).toArray(new Node[0]);
      parts[0] = kept;
      return parts.length == 1 ? kept : concatenate(parts);
    }
  },

  /** A 1 x 1 convolution with the stride, option B. */
  PROJECTION {
    @Override
    Node on(Node x, int channels, int stride) {
      return x.to(conv(channels, 1).strides(stride));
    }
  };

  /** {@code (batch, height / stride, width / stride, channels)}. */
  abstract Node on(Node x, int channels, int stride);
}
