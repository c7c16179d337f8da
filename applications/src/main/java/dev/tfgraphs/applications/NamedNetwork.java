package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.input;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A network by name, with the images and classes that it was published for.
 *
 * @param name as a command line takes it: Keras's names are plain, torchvision's begin with {@code
 *     torch_} and the papers' for CIFAR-10 with {@code cifar_}
 * @param source whose network it is
 * @param description makes the model
 * @param weights the file of published weights that fits, if there is one
 */
public record NamedNetwork(
    String name, String source, Supplier<Model> description, Optional<String> weights) {
  private static final String HE_2015 = "He et al. (2015)";
  private static final String HE_2016 = "He et al. (2016)";

  /** {@return the model, called as this} */
  public Model model() {
    return description.get().name(name);
  }

  /** {@return every network there is here} */
  public static ImmutableList<NamedNetwork> all() {
    ImmutableList.Builder<NamedNetwork> all = ImmutableList.builder();
    for (KerasResNet network : KerasResNet.values()) {
      String file = network.weights().fileName();
      all.add(new NamedNetwork(network.modelName(), "Keras", network::model, Optional.of(file)));
    }
    for (TorchResNet network : TorchResNet.values()) {
      String address = network.weightsAddress();
      String file = address.substring(address.lastIndexOf('/') + 1);
      String name = "torch_" + network.modelName();
      all.add(new NamedNetwork(name, "torchvision", network::model, Optional.of(file)));
    }
    addOfPapers(all);
    all.add(
        plain(
            "retinanet_resnet50",
            "Lin et al. (2017)",
            () -> RetinaNet.defaults().on(KerasResNet.RESNET50, 80, 640, 640, 3)),
        plain(
            "unet_resnet50",
            "Ronneberger et al. (2015)",
            () -> UNet.defaults().on(KerasResNet.RESNET50, 21, 256, 256, 3)));
    return all.build();
  }

  private static void addOfPapers(ImmutableList.Builder<NamedNetwork> all) {
    all.add(
        on("resnet18", HE_2015, 224, 1000, ResNets::resNet18),
        on("resnet34", HE_2015, 224, 1000, ResNets::resNet34));
    for (int depth : ResNets.CIFAR_DEPTHS) {
      all.add(on("resnet" + depth, HE_2015, 32, 10, (x, n) -> ResNets.cifarResNet(x, depth, n)));
    }
    for (int depth : new int[] {20, 32, 44, 56, 110, 1202}) {
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
    return on(name, source, 32, 10, network::on);
  }

  private static NamedNetwork on(
      String name, String source, int size, int classes, BiFunction<Node, Integer, Node> network) {
    return plain(
        name,
        source,
        () -> {
          Node images = input(size, size, 3);
          return Model.of(images, network.apply(images, classes));
        });
  }

  private static NamedNetwork plain(String name, String source, Supplier<Model> description) {
    return new NamedNetwork(name, source, description, Optional.empty());
  }
}
