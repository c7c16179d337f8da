package dev.tfgraphs.pictures;

import dev.tfgraphs.ops.Activation;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.Dense;
import dev.tfgraphs.ops.DepthwiseConv2D;
import dev.tfgraphs.ops.GlobalPooling2D;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.LeakyReLU;
import dev.tfgraphs.ops.Merge;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.Pooling2D;
import dev.tfgraphs.ops.ReLU;
import dev.tfgraphs.ops.Softmax;
import java.awt.Color;
import java.util.Locale;

/**
 * What sort of work a box of a diagram does: a colour that colour-blind readers tell apart, and its
 * name in the legend. Without colours the box still says its layer's class.
 */
enum LayerKind {
  INPUT(0x000000, 0xF0F0F0),
  CONVOLUTION(0x0072B2, 0xE3F0F8),
  NORMALIZATION(0x56B4E9, 0xEFF8FD),
  ACTIVATION(0xE69F00, 0xFDF4E0),
  MERGE(0xD55E00, 0xFCE8DC),
  POOLING(0x009E73, 0xE0F3ED),
  DENSE(0xCC79A7, 0xF9ECF3),
  OTHER(0x8C8C8C, 0xF7F7F7),
  /** Several layers in one box. */
  GROUP(0x444444, 0xFFFFFF);

  private final Color mark;
  private final Color ground;

  LayerKind(int mark, int ground) {
    this.mark = new Color(mark);
    this.ground = new Color(ground);
  }

  static LayerKind of(Layer layer) {
    if (layer instanceof Dense) {
      return DENSE;
    }
    if (layer instanceof Conv2D
        || layer instanceof DepthwiseConv2D
        || layer instanceof Conv2DTranspose) {
      return CONVOLUTION;
    }
    if (layer instanceof BatchNormalization || layer instanceof Normalization) {
      return NORMALIZATION;
    }
    if (layer instanceof Activation
        || layer instanceof ReLU
        || layer instanceof LeakyReLU
        || layer instanceof Softmax) {
      return ACTIVATION;
    }
    if (layer instanceof Pooling2D || layer instanceof GlobalPooling2D) {
      return POOLING;
    }
    if (layer instanceof Merge) {
      return MERGE;
    }
    return layer instanceof Input ? INPUT : OTHER;
  }

  /** The colour of the bar at the box's side. */
  Color mark() {
    return mark;
  }

  /** The pale colour behind the texts. */
  Color ground() {
    return ground;
  }

  /** What the legend says. */
  String label() {
    return this == GROUP ? "several layers" : name().toLowerCase(Locale.ROOT);
  }
}
