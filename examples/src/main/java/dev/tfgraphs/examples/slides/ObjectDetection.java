package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;
import static dev.tfgraphs.ops.Shape.UNKNOWN;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;

/** Slide 13: a pyramid of features on a ResNet50, and at each level scores and boxes. */
final class ObjectDetection {
  public static void main(String[] args) {
    System.out.println(detectionModel(80, 9).summary());
  }

  static Model detectionModel(int classes, int anchors) {
    Model base = RESNET50.backbone(UNKNOWN, UNKNOWN, 3);
    Node c3 = base.output("conv3_block4_out");
    Node c4 = base.output("conv4_block6_out");
    Node c5 = base.output("conv5_block3_out");
    Node p5 = c5.to(conv2D(256, 1).name("fpn_c5p5"));
    Node p4 = add(p5.to(upSampling2D(2)), c4.to(conv2D(256, 1).name("fpn_c4p4")));
    Node p3 = add(p4.to(upSampling2D(2)), c3.to(conv2D(256, 1).name("fpn_c3p3")));
    List<Node> scores = new ArrayList<>();
    List<Node> boxes = new ArrayList<>();
    for (Node level : List.of(p3, p4, p5)) {
      scores.add(level.to(conv2D(anchors * classes, 3).padding(SAME)));
      boxes.add(level.to(conv2D(anchors * 4, 3).padding(SAME)));
    }
    scores.addAll(boxes);
    return Model.of(base.inputs(), scores);
  }
}
