package dev.tfgraphs.graphs;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.BatchNormalization;
import dev.tfgraphs.ops.CenterCrop;
import dev.tfgraphs.ops.Conv2DTranspose;
import dev.tfgraphs.ops.CustomLayer;
import dev.tfgraphs.ops.Flip;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Normalization;
import dev.tfgraphs.ops.RandomImageLayer;
import dev.tfgraphs.ops.Resizing;
import dev.tfgraphs.ops.Size;
import java.util.HashSet;
import java.util.Set;
import org.tensorflow.proto.DataType;

/**
 * In which numbers a training computes: Keras's dtype policies
 * (keras/src/dtype_policies/dtype_policy.py). Weights, the optimizer, losses and metrics are
 * float32 always, and so are the layers whose results leave the model, as Keras advises: a softmax
 * in half precision would lose the way to its logits. Layers of one's own, those that prepare
 * images, and dilated transposed convolutions are float32 as well.
 */
public enum Precision {
  /** Everything in float32. */
  FLOAT32(DataType.DT_FLOAT),

  /** Layers in bfloat16: float32's range with 8 bits of precision. */
  MIXED_BFLOAT16(DataType.DT_BFLOAT16),

  /**
   * Layers in float16: 11 bits of precision in a small range, so that the loss is scaled up while
   * gradients are made; a step whose gradients overflow changes no weight that trains and halves
   * the scale. As in Keras so does one whose loss is no finite number, and the epoch's loss is then
   * none; but what batch normalization remembers stays, and when the scale has fallen to 1 such a
   * loss ends the fit as in other precisions.
   */
  MIXED_FLOAT16(DataType.DT_HALF);

  private final DataType compute;

  Precision(DataType compute) {
    this.compute = compute;
  }

  /** {@return what Keras calls it: {@code mixed_float16}} */
  public String policy() {
    return Ascii.toLowerCase(name());
  }

  /**
   * {@return the layers of {@code model}, those in its models too, that compute in float32 in every
   * precision} They are those whose results leave the model, and those that this class names.
   */
  public static ImmutableSet<Layer> alwaysFloat32(Model model) {
    Set<Layer> layers = last(model);
    add(model, layers);
    return ImmutableSet.copyOf(layers);
  }

  private static void add(Model model, Set<Layer> layers) {
    for (Layer layer : model.layers()) {
      if (layer instanceof Model nested) {
        add(nested, layers);
      } else if (MIXED_FLOAT16.inputs(layer) == DataType.DT_FLOAT) {
        layers.add(layer);
      }
    }
  }

  /** The layers whose results leave a model. */
  static Set<Layer> last(Model model) {
    Set<Layer> last = new HashSet<>();
    for (Node output : model.outputs()) {
      if (output.layer() instanceof Model nested) {
        last.addAll(last(nested));
      } else {
        last.add(output.layer());
      }
    }
    return last;
  }

  /** The type in which {@code layer} gets its inputs. */
  DataType inputs(Layer layer) {
    return layer instanceof CustomLayer || isPreprocessing(layer) || isDilated(layer)
        ? DataType.DT_FLOAT
        : compute;
  }

  /**
   * Pixels have 256 values, and places between them more: too many for half precision. In Keras a
   * flip is an operation, which has no policy, and a rescaling is a layer, which follows it.
   */
  private static boolean isPreprocessing(Layer layer) {
    return layer instanceof Normalization
        || layer instanceof Resizing
        || layer instanceof CenterCrop
        || layer instanceof Flip
        || layer instanceof RandomImageLayer<?>;
  }

  /** The CPU has no float16 kernel for these. */
  private static boolean isDilated(Layer layer) {
    return layer instanceof Conv2DTranspose transpose
        && !transpose.dilationRate().equals(new Size(1, 1));
  }

  /** The type in which {@code layer} reads its weights and computes. */
  DataType values(Layer layer) {
    return layer instanceof BatchNormalization ? DataType.DT_FLOAT : inputs(layer);
  }
}
