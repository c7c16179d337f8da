package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.CifarResNet.conv;
import static dev.tfgraphs.ops.ActivationFunction.SIGMOID;
import static dev.tfgraphs.ops.Initializer.constant;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dropout;
import static dev.tfgraphs.ops.Layers.multiply;
import static dev.tfgraphs.ops.Layers.rescaling;

import dev.tfgraphs.ops.Node;

/**
 * How a residual unit joins what came in, x, and what its branch makes of it, F(x): the rows of
 * table 1 of He et al., "Identity Mappings in Deep Residual Networks" (2016), where all but the
 * first learn worse. The errors are the paper's, on CIFAR-10's test set with a ResNet-110.
 */
public enum Shortcut {
  /** {@code x + F(x)}: 6.61 % of errors. */
  IDENTITY {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch, carried);
    }
  },

  /** {@code F(x)}, no shortcut: the plain network, more than 20 % of errors. */
  NONE {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return branch;
    }
  },

  /** {@code 0.5 x + F(x)}: more than 20 % of errors. */
  HALVED {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch, carried.to(rescaling(0.5)));
    }
  },

  /** {@code 0.5 x + 0.5 F(x)}: 12.35 % of errors. */
  BOTH_HALVED {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch.to(rescaling(0.5)), carried.to(rescaling(0.5)));
    }
  },

  /**
   * {@code (1 - g(x)) x + g(x) F(x)}, as in highway networks, where the gate g is the sigmoid of a
   * 1 x 1 convolution: 8.70 % of errors with the bias that it begins with here, -6; more than 20 %
   * with one from 0 to -5.
   */
  EXCLUSIVE_GATING {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      Node gate = gate(x, stride, branch);
      return add(multiply(gate, branch), multiply(rest(gate), carried));
    }
  },

  /**
   * {@code (1 - g(x)) x + F(x)}: 6.91 % of errors with the gate's bias that it begins with here,
   * -6, which makes it nearly the identity; 12.86 % with 0.
   */
  SHORTCUT_GATING {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch, multiply(rest(gate(x, stride, branch)), carried));
    }
  },

  /** A 1 x 1 convolution of x, option C of He et al. (2015), and F(x): 12.22 % of errors. */
  CONVOLUTION {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch, x.to(conv(branch.channels(), 1).strides(stride)));
    }
  },

  /** Half of x, drawn in each step, and F(x): more than 20 % of errors. */
  DROPOUT {
    @Override
    Node join(Node x, int stride, Node carried, Node branch) {
      return add(branch, carried.to(dropout(0.5)));
    }
  };

  /** What the biases of gates begin with, the best of those that the paper tries. */
  public static final double GATE_BIAS = -6;

  /**
   * What a unit makes before its last activation.
   *
   * @param x what came in
   * @param stride that of the branch
   * @param carried {@code x} in the branch's sizes
   */
  abstract Node join(Node x, int stride, Node carried, Node branch);

  private static Node gate(Node x, int stride, Node branch) {
    return x.to(
        conv2D(branch.channels(), 1)
            .strides(stride)
            .activation(SIGMOID)
            .biasInitializer(constant(GATE_BIAS)));
  }

  private static Node rest(Node gate) {
    return gate.to(rescaling(-1).offset(1));
  }
}
