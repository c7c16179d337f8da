package dev.tfgraphs.ops;

import com.google.common.base.Ascii;

/** Keras's activation functions with their defaults (keras/src/activations/activations.py). */
public enum ActivationFunction {
  /** {@code x}. */
  LINEAR,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code min(max(x, 0), 6)}. */
  RELU6,
  /** {@code x} above 0, {@code 0.2 x} below; the layer {@link LeakyReLU} has 0.3. */
  LEAKY_RELU,
  /** {@code x} above 0, {@code exp(x) - 1} below. */
  ELU,
  /** Scaled exponential linear unit. */
  SELU,
  /** {@code max(x, 0) + min(exp(x) - 1, 0)}. */
  CELU,
  /** {@code x * P(X <= x)} for a standard normal X, exact. */
  GELU,
  /** {@code x * sigmoid(x)}, also called swish. */
  SILU,
  /** {@code x * tanh(softplus(x))}. */
  MISH,
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID,
  /** {@code relu6(x + 3) / 6}. */
  HARD_SIGMOID,
  /** {@code x * hard_sigmoid(x)}. */
  HARD_SILU,
  /** {@code x} within -1 and 1. */
  HARD_TANH,
  /** Hyperbolic tangent. */
  TANH,
  /** {@code x - tanh(x)}. */
  TANH_SHRINK,
  /** {@code exp(x) / sum(exp(x))} over the last axis. */
  SOFTMAX,
  /** The logarithm of {@link #SOFTMAX}. */
  LOG_SOFTMAX,
  /** The logarithm of {@link #SIGMOID}. */
  LOG_SIGMOID,
  /** {@code log(exp(x) + 1)}. */
  SOFTPLUS,
  /** {@code x / (|x| + 1)}. */
  SOFTSIGN,
  /** {@code exp(x)}. */
  EXPONENTIAL;

  /** {@return Keras's name of the function: {@code hard_sigmoid}} */
  public String kerasName() {
    return Ascii.toLowerCase(name());
  }
}
