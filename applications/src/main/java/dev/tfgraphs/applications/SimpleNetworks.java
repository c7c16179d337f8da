package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;
import static dev.tfgraphs.ops.Shape.UNKNOWN;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * Detection and segmentation on a backbone, each in its smallest form. {@link RetinaNet} and {@link
 * UNet} are what one trains.
 */
public final class SimpleNetworks {
  private static final int ANCHORS = 9;

  private SimpleNetworks() {}

  /**
   * {@return a detector of nine anchors a place: a pyramid of features of 256 channels at an
   * eighth, a sixteenth and a thirty-second of the image, and on each two convolutions}
   *
   * <p>The outputs are the logits of classes, {@code (batch, height, width, 9 * classes)}, at the
   * three levels, the finest first, then the boxes, {@code (batch, height, width, 36)}. Images may
   * have any height and width that 32 divides.
   *
   * @throws dev.tfgraphs.ops.ModelException if {@code classes} is not positive
   */
  public static Model detector(Backbone backbone, int classes) {
    return detector(backbone, classes, UNKNOWN, UNKNOWN, 3);
  }

  static Model detector(Backbone backbone, int classes, int... sizes) {
    Model base = backbone.backbone(sizes);
    List<Node> levels = backbone.levels().stream().map(base::output).toList();
    Node p5 = levels.get(4).to(conv2D(256, 1).name("fpn_c5p5"));
    Node p4 = add(p5.to(upSampling2D(2)), levels.get(3).to(conv2D(256, 1).name("fpn_c4p4")));
    Node p3 = add(p4.to(upSampling2D(2)), levels.get(2).to(conv2D(256, 1).name("fpn_c3p3")));
    List<Node> outputs = new ArrayList<>();
    List<Node> boxes = new ArrayList<>();
    for (Node feature : List.of(p3, p4, p5)) {
      outputs.add(feature.to(conv2D(ANCHORS * classes, 3).padding(SAME)));
      boxes.add(feature.to(conv2D(ANCHORS * 4, 3).padding(SAME)));
    }
    outputs.addAll(boxes);
    return Model.of(base.inputs(), outputs);
  }

  /**
   * {@return a U-Net from a sixteenth of the image to a half: the probabilities of classes, {@code
   * (batch, height / 2, width / 2, classes)}}
   *
   * @param sizes {@code (height, width, channels)}; 16 divides height and width
   * @throws dev.tfgraphs.ops.ModelException if the sizes do not fit, or if {@code classes} is not
   *     positive
   */
  public static Model segmenter(Backbone backbone, int classes, int... sizes) {
    Model base = backbone.backbone(sizes);
    List<Node> levels = backbone.levels().stream().map(base::output).toList();
    Node x = convolved(levels.get(3), 1024);
    x = convolved(concatenate(x.to(upSampling2D(2)), levels.get(2)), 512);
    x = convolved(concatenate(x.to(upSampling2D(2)), levels.get(1)), 256);
    x = convolved(concatenate(x.to(upSampling2D(2)), levels.get(0)), 128);
    return Model.of(base.input(), x.to(conv2D(classes, 1).activation(SOFTMAX)));
  }

  private static Node convolved(Node x, int filters) {
    return x.to(conv2D(filters, 3).padding(SAME)).to(batchNormalization()).to(relu());
  }
}
