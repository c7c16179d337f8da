package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.concatenate;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/** Slide 14: a U-Net on a ResNet50, which tells the class of every second pixel each way. */
final class Segmentation {
  public static void main(String[] args) {
    System.out.println(uNet(21, 256, 256, 3).summary());
  }

  static Model uNet(int classes, int... inputShape) {
    Model base = RESNET50.backbone(inputShape);
    Node s1 = base.output("conv1_relu");
    Node s2 = base.output("conv2_block3_out");
    Node s3 = base.output("conv3_block4_out");
    Node s4 = base.output("conv4_block6_out");
    Node b1 = convolved(s4, 1024);
    Node d1 = convolved(concatenate(b1.to(upSampling2D(2)), s3), 512);
    Node d2 = convolved(concatenate(d1.to(upSampling2D(2)), s2), 256);
    Node d3 = convolved(concatenate(d2.to(upSampling2D(2)), s1), 128);
    return Model.of(base.input(), d3.to(conv2D(classes, 1).activation(SOFTMAX)));
  }

  static Node convolved(Node x, int filters) {
    return x.to(conv2D(filters, 3).padding(SAME)).to(batchNormalization()).to(relu());
  }
}
