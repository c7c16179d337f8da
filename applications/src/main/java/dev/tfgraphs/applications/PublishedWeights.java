package dev.tfgraphs.applications;

import static dev.tfgraphs.applications.KerasResNet.RESNET101;
import static dev.tfgraphs.applications.KerasResNet.RESNET101V2;
import static dev.tfgraphs.applications.KerasResNet.RESNET152;
import static dev.tfgraphs.applications.KerasResNet.RESNET152V2;
import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static dev.tfgraphs.applications.KerasResNet.RESNET50V2;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file of weights trained on ImageNet that Keras's authors publish: where it is and what it is
 * for. Keras's source: applications/resnet.py.
 *
 * @param network whose weights these are
 * @param top whether those of the classifier are among them
 * @param address where the file is
 * @param md5 the hash of the file, in small letters
 */
public record PublishedWeights(KerasResNet network, boolean top, String address, String md5) {
  static final int CLASSES = 1000;

  private static final String KERAS =
      "https://storage.googleapis.com/tensorflow/keras-applications/resnet/";
  private static final String V0_2 =
      "https://github.com/fchollet/deep-learning-models/releases/download/v0.2/";

  /** As Keras 2 and 3 fetch them. */
  private static final ImmutableList<PublishedWeights> CURRENT =
      ImmutableList.of(
          row(RESNET50, true, KERAS, "2cb95161c43110f7111970584f804107"),
          row(RESNET50, false, KERAS, "4d473c1dd8becc155b73f8504c6f6626"),
          row(RESNET101, true, KERAS, "f1aeb4b969a6efcfb50fad2f0c20cfc5"),
          row(RESNET101, false, KERAS, "88cf7a10940856eca736dc7b7e228a21"),
          row(RESNET152, true, KERAS, "100835be76be38e30d865e96f2aaae62"),
          row(RESNET152, false, KERAS, "ee4c566cf9a93f14d82f913c2dc6dd0c"),
          row(RESNET50V2, true, KERAS, "3ef43a0b657b3be2300d5770ece849e0"),
          row(RESNET50V2, false, KERAS, "fac2f116257151a9d068a22e544a4917"),
          row(RESNET101V2, true, KERAS, "6343647c601c52e1368623803854d971"),
          row(RESNET101V2, false, KERAS, "c0ed64b8031c3730f411d2eb4eea35b5"),
          row(RESNET152V2, true, KERAS, "a49b44d1979771252814e80f8ec446f9"),
          row(RESNET152V2, false, KERAS, "ed17cf2e0169df9d443503ef94b23b33"));

  /** Called as the current ones, with other names inside (keras_applications/resnet50.py). */
  private static final ImmutableList<PublishedWeights> OLD =
      ImmutableList.of(
          row(RESNET50, true, V0_2, "a7b3fe01876f51b976af0dea6bc144eb"),
          row(RESNET50, false, V0_2, "a268eb855778b3df3c7506639542a6af"));

  private static PublishedWeights row(KerasResNet network, boolean top, String folder, String md5) {
    String end = top ? ".h5" : "_notop.h5";
    String name = network.modelName() + "_weights_tf_dim_ordering_tf_kernels" + end;
    return new PublishedWeights(network, top, folder + name, md5);
  }

  /** {@return all that Keras 3 fetches} */
  public static ImmutableList<PublishedWeights> all() {
    return CURRENT;
  }

  static PublishedWeights of(KerasResNet network, boolean top) {
    return CURRENT.stream()
        .filter(weights -> weights.network == network && weights.top == top)
        .findFirst()
        .orElseThrow();
  }

  /**
   * {@return what a file is, by its MD5 in hexadecimal digits; empty if it is none of {@link #all}
   * nor one of the two that an older release has under the same names}
   */
  public static Optional<PublishedWeights> recognize(String md5) {
    return ImmutableList.<PublishedWeights>builder().addAll(CURRENT).addAll(OLD).build().stream()
        .filter(weights -> weights.md5.equals(Ascii.toLowerCase(md5)))
        .findFirst();
  }

  /**
   * {@return which of the two older files has these layers, by the names of all of them; empty if
   * none has} Written anew, such a file has another hash and the same names.
   *
   * @param layers the names in the file, which may have more: {@code
   *     FileContents.of(file).layers()} of {@code savedmodel}
   */
  public static Optional<PublishedWeights> recognize(Set<String> layers) {
    return OLD.stream()
        .filter(weights -> layers.containsAll(weights.layerNames().keySet()))
        .findFirst();
  }

  /** {@return how the file is called} */
  public String fileName() {
    return address.substring(address.lastIndexOf('/') + 1);
  }

  /** {@return what the weights expect of images} */
  public ImagePreprocessing preprocessing() {
    return network.preprocessing();
  }

  /** {@return how many classes the network tells apart; none without its top} */
  public OptionalInt classes() {
    return top ? OptionalInt.of(CLASSES) : OptionalInt.empty();
  }

  /**
   * {@return the network's names of layers by those in the file, where these differ: in the two
   * older files, whose order is another too, so that only names tell what is what; else empty}
   *
   * <p>{@code ReadOptions.defaults().renamed(weights.layerNames())} of {@code savedmodel} reads
   * such a file, and {@code recognize(FileContents.of(file).layers())} says whether it is one.
   *
   * <p>The numbers in an older file are the trained ones of the current file, and with them {@link
   * #network} says what Keras says today. Keras's network of that time, whose batch normalizations
   * had an epsilon of 1e-3 where those of today have 1.001e-5, made other probabilities of them.
   * Those are had by adding the difference, 0.00098999, to each moving variance.
   */
  public ImmutableMap<String, String> layerNames() {
    return address.startsWith(V0_2) ? namesOfOld() : ImmutableMap.of();
  }

  private ImmutableMap<String, String> namesOfOld() {
    ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
    names.put("conv1", "conv1_conv").put("bn_conv1", "conv1_bn");
    for (int stage = 2; stage < 2 + network.blocks().size(); stage++) {
      for (int block = 1; block <= network.blocks().get(stage - 2); block++) {
        putBlock(names, stage + Character.toString('a' + block - 1), stage, block);
      }
    }
    if (top) {
      names.put("fc1000", "predictions");
    }
    return names.buildOrThrow();
  }

  private static void putBlock(
      ImmutableMap.Builder<String, String> names, String place, int stage, int block) {
    ImmutableList<String> branches =
        block == 1 ? ImmutableList.of("1", "2a", "2b", "2c") : ImmutableList.of("2a", "2b", "2c");
    int first = 4 - branches.size();
    for (int i = 0; i < branches.size(); i++) {
      String ours = "conv" + stage + "_block" + block + "_" + (first + i);
      names.put("res" + place + "_branch" + branches.get(i), ours + "_conv");
      names.put("bn" + place + "_branch" + branches.get(i), ours + "_bn");
    }
  }
}
