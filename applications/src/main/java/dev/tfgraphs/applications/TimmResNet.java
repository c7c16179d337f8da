package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.TorchStyle.BASIC;
import static dev.tfgraphs.applications.TorchStyle.bottleneck;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/**
 * The networks "ResNet-D" of He et al., "Bag of Tricks for Image Classification with Convolutional
 * Neural Networks" (2018), as timm builds them: three 3 x 3 convolutions in place of the first of 7
 * x 7, and an average of 2 x 2 places before a shortcut projects, in place of its stride. In a
 * bottleneck the 3 x 3 convolution strides, as in {@link TorchResNet}. Layers with weights are
 * called as timm's modules, {@code layer1.0.downsample.1}, so that its safetensors are weights of
 * these; all others as torchvision's. The source is timm/models/resnet.py. A training starts from
 * torchvision's weights, where timm has the last scale of a block start from 0.
 */
public enum TimmResNet implements Backbone {
  /** Of basic blocks. */
  RESNET18D(BASIC, 2, 2, 2, 2),
  /** Of basic blocks. */
  RESNET34D(BASIC, 3, 4, 6, 3),
  /** Of bottlenecks. */
  RESNET50D(bottleneck(1, 64), 3, 4, 6, 3),
  /** Of bottlenecks. */
  RESNET101D(bottleneck(1, 64), 3, 4, 23, 3),
  /** Of bottlenecks. */
  RESNET152D(bottleneck(1, 64), 3, 8, 36, 3);

  private final TorchStyle style;
  private final ImmutableList<Integer> blocks;

  TimmResNet(TorchStyle style, Integer... blocks) {
    this.style = style.tweaked();
    this.blocks = ImmutableList.copyOf(blocks);
  }

  @Override
  public ImagePreprocessing preprocessing() {
    return ImagePreprocessing.TORCH;
  }

  @Override
  public Node features(Node images) {
    return style.features(images, blocks);
  }

  @Override
  public ImmutableList<String> levels() {
    return style.levels(blocks);
  }

  /** {@return the network with timm's head: the logits of 1,000 classes} */
  @Override
  public Model model() {
    return model(features -> Heads.logits(features, PublishedWeights.CLASSES), 224, 224, 3);
  }

  /** {@return what timm calls the weights of {@link #model()} at Hugging Face} */
  public String weightsName() {
    return "timm/" + modelName() + ".ra2_in1k";
  }

  /** {@return where these weights are, as safetensors, which {@code WeightFiles} reads} */
  public String weightsAddress() {
    return "https://huggingface.co/" + weightsName() + "/resolve/main/model.safetensors";
  }
}
