package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.TorchStyle.BASIC;
import static dev.tfgraphs.applications.TorchStyle.bottleneck;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;

/**
 * The residual networks of torchvision, in which the 3 x 3 convolution of a bottleneck strides
 * ("v1.5"), not the first as in Keras's: weights that PyTorch has trained, as safetensors, are
 * weights of these. Layers are called as torchvision's modules, {@code layer1.0.conv1}, and where
 * that calls one module repeatedly, as its graphs do: {@code layer1.0.relu_1}. The source is
 * torchvision/models/resnet.py.
 *
 * <p>A network is its features and a head: {@code RESNET34.model(x -> Heads.logits(x, 10), 64, 64,
 * 3)}.
 */
public enum TorchResNet implements Backbone {
  /** He et al. (2015). */
  RESNET18(BASIC, "f37072fd", 2, 2, 2, 2),
  /** He et al. (2015). */
  RESNET34(BASIC, "b627a593", 3, 4, 6, 3),
  /** He et al. (2015), with the stride in the 3 x 3 convolution. */
  RESNET50(bottleneck(1, 64), "0676ba61", 3, 4, 6, 3),
  /** He et al. (2015), with the stride in the 3 x 3 convolution. */
  RESNET101(bottleneck(1, 64), "63fe2227", 3, 4, 23, 3),
  /** He et al. (2015), with the stride in the 3 x 3 convolution. */
  RESNET152(bottleneck(1, 64), "394f9c45", 3, 8, 36, 3),
  /**
   * Xie et al., "Aggregated Residual Transformations for Deep Neural Networks" (2016). On a CPU
   * TensorFlow runs such grouped convolutions with oneDNN only, which it has on unless it is told
   * otherwise.
   */
  RESNEXT50_32X4D(bottleneck(32, 4), "7cdf4587", 3, 4, 6, 3),
  /** Xie et al. (2016). */
  RESNEXT101_32X8D(bottleneck(32, 8), "8ba56ff5", 3, 4, 23, 3),
  /** Xie et al. (2016). */
  RESNEXT101_64X4D(bottleneck(64, 4), "173b62eb", 3, 4, 23, 3),
  /** Zagoruyko and Komodakis, "Wide Residual Networks" (2016). */
  WIDE_RESNET50_2(bottleneck(1, 128), "95faca4d", 3, 4, 6, 3),
  /** Zagoruyko and Komodakis (2016). */
  WIDE_RESNET101_2(bottleneck(1, 128), "32ee1156", 3, 4, 23, 3);

  private final TorchStyle style;
  private final String hash;
  private final ImmutableList<Integer> blocks;

  TorchResNet(TorchStyle style, String hash, Integer... blocks) {
    this.style = style;
    this.hash = hash;
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

  /** {@return the network with torchvision's head: the logits of 1,000 classes} */
  @Override
  public Model model() {
    return model(features -> Heads.logits(features, PublishedWeights.CLASSES), 224, 224, 3);
  }

  /**
   * {@return where torchvision has the weights of {@link #model()}, its {@code IMAGENET1K_V1}; the
   * last eight digits of the name begin the file's SHA-256}
   *
   * <p>The file is a pickle, which only Python reads; {@code safetensors.torch.save_file} makes one
   * of it that {@code WeightFiles} reads.
   */
  public String weightsAddress() {
    return "https://download.pytorch.org/models/" + modelName() + "-" + hash + ".pth";
  }
}
