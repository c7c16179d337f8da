package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Layers;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A network by name, with the images and classes that it was published for.
 *
 * @param name as a command line takes it: Keras's names are plain, torchvision's begin with {@code
 *     torch_}, timm's with {@code timm_} and the papers' for CIFAR-10 with {@code cifar_}
 * @param source whose network it is, "after" whom where some of it differs
 * @param size of the square images in colour that it was published for
 * @param classes of these
 * @param description makes the model
 * @param classifier the network as a function of nodes, of those of the papers
 * @param weights the published weights that fit, a file or a name at Hugging Face, if there is one
 */
public record NamedNetwork(
    String name,
    String source,
    int size,
    int classes,
    Description description,
    Optional<Classifier> classifier,
    Optional<String> weights) {
  private static final String HE_2015 = "He et al. (2015)";

  /** Where sizes change, shortcuts project and are normalized; convolutions have biases. */
  private static final String AFTER_HE_2015 = "after He et al. (2015)";

  private static final String HE_2016 = "He et al. (2016)";
  private static final int COLOURS = 3;

  /** The paper's network that learns no better than the one of 110 layers. */
  private static final int DEEPEST = 1202;

  /** A network for other images and classes than those that it was published for. */
  @FunctionalInterface
  public interface Description {
    /**
     * {@return the model}
     *
     * @param sizes {@code (height, width, channels)}
     * @throws ModelException if the network is not one for such images, or if there are no classes
     */
    Model model(int classes, int... sizes);
  }

  /** A network as a function of nodes. */
  @FunctionalInterface
  public interface Classifier {
    /**
     * {@return the probabilities of classes, {@code (batch, classes)}}
     *
     * @param images {@code (batch, height, width, channels)}
     * @param normalization makes the layers that normalize
     */
    Node on(Node images, int classes, Supplier<? extends Layer> normalization);
  }

  /** {@return the model, called as this} */
  public Model model() {
    return model(classes, size, size, COLOURS);
  }

  /**
   * {@return the model for other images and classes, called as this}
   *
   * @param sizes {@code (height, width, channels)}
   * @throws ModelException if the network is not one for such images, or if there are no classes
   */
  public Model model(int classes, int... sizes) {
    return description.model(classes, sizes).name(name);
  }

  /** {@return every network there is here, Keras's first} */
  public static ImmutableList<NamedNetwork> all() {
    ImmutableList.Builder<NamedNetwork> all = ImmutableList.builder();
    for (KerasResNet network : KerasResNet.values()) {
      String file = network.weights().fileName();
      Description description =
          (classes, sizes) -> network.model(x -> Heads.classifier(x, classes), sizes);
      all.add(published(network.modelName(), "Keras", description, file));
    }
    for (TorchResNet network : TorchResNet.values()) {
      String address = network.weightsAddress();
      String file = address.substring(address.lastIndexOf('/') + 1);
      Description description =
          (classes, sizes) -> network.model(x -> Heads.logits(x, classes), sizes);
      all.add(published("torch_" + network.modelName(), "torchvision", description, file));
    }
    for (TimmResNet network : TimmResNet.values()) {
      Description description =
          (classes, sizes) -> network.model(x -> Heads.logits(x, classes), sizes);
      all.add(published("timm_" + network.modelName(), "timm", description, network.weightsName()));
    }
    addOfPapers(all);
    all.add(
        built(
            "retinanet_resnet50",
            "Lin et al. (2017)",
            640,
            80,
            (classes, sizes) -> RetinaNet.defaults().on(KerasResNet.RESNET50, classes, sizes)),
        built(
            "unet_resnet50",
            "Ronneberger et al. (2015)",
            256,
            21,
            (classes, sizes) -> UNet.defaults().on(KerasResNet.RESNET50, classes, sizes)));
    return all.build();
  }

  private static void addOfPapers(ImmutableList.Builder<NamedNetwork> all) {
    all.add(
        classifying("resnet18", HE_2015, 224, PublishedWeights.CLASSES, ResNets::resNet18),
        classifying("resnet34", HE_2015, 224, PublishedWeights.CLASSES, ResNets::resNet34));
    for (int depth : ResNets.CIFAR_DEPTHS) {
      Classifier network = (x, classes, norm) -> ResNets.cifarResNet(x, depth, classes, norm);
      all.add(classifying("resnet" + depth, AFTER_HE_2015, 32, 10, network));
    }
    for (int depth : Iterables.concat(ResNets.CIFAR_DEPTHS, List.of(DEEPEST))) {
      all.add(cifar("cifar_resnet" + depth, HE_2015, CifarResNet.basic(depth)));
    }
    for (int depth : new int[] {164, 1001}) {
      CifarResNet network =
          CifarResNet.bottleneck(depth).order(ActivationOrder.FULL_PRE_ACTIVATION);
      all.add(cifar("cifar_resnet" + depth + "v2", HE_2016, network));
    }
    all.add(
        cifar(
            "cifar_resnet110v2",
            HE_2016,
            CifarResNet.basic(110).order(ActivationOrder.FULL_PRE_ACTIVATION)));
  }

  private static NamedNetwork cifar(String name, String source, CifarResNet network) {
    return classifying(name, source, 32, 10, network::on);
  }

  private static NamedNetwork classifying(
      String name, String source, int size, int classes, Classifier network) {
    Description description =
        (count, sizes) -> {
          Node images = input(sizes);
          return Model.of(images, network.on(images, count, Layers::batchNormalization));
        };
    return new NamedNetwork(
        name, source, size, classes, description, Optional.of(network), Optional.empty());
  }

  private static NamedNetwork published(
      String name, String source, Description description, String weights) {
    return new NamedNetwork(
        name,
        source,
        224,
        PublishedWeights.CLASSES,
        description,
        Optional.empty(),
        Optional.of(weights));
  }

  private static NamedNetwork built(
      String name, String source, int size, int classes, Description description) {
    return new NamedNetwork(
        name, source, size, classes, description, Optional.empty(), Optional.empty());
  }
}
