package dev.tfgraphs.examples.gallery;

import static dev.tfgraphs.ops.Layers.add;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Padding.SAME;

import dev.tfgraphs.applications.KerasResNet;
import dev.tfgraphs.applications.RetinaNet;
import dev.tfgraphs.applications.UNet;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.pictures.Diagram;
import java.nio.file.Path;

/** The diagrams of the gallery. */
final class GalleryDiagram {
  private GalleryDiagram() {}

  /** Writes each as SVG into a folder that is there, and as PNG what is small. */
  static void write(Path folder) {
    Model resNet = KerasResNet.RESNET50.model();
    Model unet = UNet.defaults().widths(256, 128).on(KerasResNet.RESNET50, 21, 256, 256, 3);
    Model detector = RetinaNet.defaults().on(KerasResNet.RESNET50, 80, 640, 640, 3);
    Diagram block = Diagram.of(residualBlock());
    Diagram stages = Diagram.of(resNet).detail(Diagram.Detail.STAGES);
    block.writeSvg(folder.resolve("diagram-residual-block.svg"));
    block.picture().writePng(folder.resolve("diagram-residual-block.png"));
    stages.writeSvg(folder.resolve("diagram-resnet50-stages.svg"));
    stages.picture().writePng(folder.resolve("diagram-resnet50-stages.png"));
    Diagram.of(resNet)
        .detail(Diagram.Detail.BLOCKS)
        .writeSvg(folder.resolve("diagram-resnet50-blocks.svg"));
    Diagram.of(unet.name("unet"))
        .detail(Diagram.Detail.STAGES)
        .writeSvg(folder.resolve("diagram-unet.svg"));
    Diagram.of(detector.name("retinanet"))
        .detail(Diagram.Detail.STAGES)
        .writeSvg(folder.resolve("diagram-detector.svg"));
  }

  /** The block of He et al. (2015), with a convolution in its shortcut. */
  private static Model residualBlock() {
    Node x = input("features", 56, 56, 64);
    Node y =
        x.to(conv2D(128, 3).strides(2).padding(SAME).name("conv1"))
            .to(batchNormalization().name("bn1"))
            .to(relu().name("relu1"))
            .to(conv2D(128, 3).padding(SAME).name("conv2"))
            .to(batchNormalization().name("bn2"));
    Node shortcut =
        x.to(conv2D(128, 1).strides(2).name("shortcut_conv"))
            .to(batchNormalization().name("shortcut_bn"));
    return Model.of(x, add(y, shortcut).to(relu().name("relu2"))).name("residual_block");
  }
}
