package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** How a SavedModel can be called besides {@code serving_default}, and for what it is written. */
public final class ServingOptions {

  /**
   * How an encoded image becomes the input of a model.
   *
   * @param size to what images are resized, {@code (height, width)}; empty for the input's own
   * @param preprocessing from {@code (batch, height, width, channels)} to the model's input
   */
  record ImageBytes(Optional<Shape> size, UnaryOperator<Node> preprocessing) {}

  private final ImmutableList<String> classNames;
  private final Optional<ImageBytes> images;
  private final ImmutableMap<String, ImmutableList<String>> features;
  private final boolean folded;

  private ServingOptions(
      ImmutableList<String> classNames,
      Optional<ImageBytes> images,
      ImmutableMap<String, ImmutableList<String>> features,
      boolean folded) {
    this.classNames = classNames;
    this.images = images;
    this.features = features;
    this.folded = folded;
  }

  /** {@return {@code serving_default} alone, with the weights as variables} */
  public static ServingOptions defaults() {
    return new ServingOptions(ImmutableList.of(), Optional.empty(), ImmutableMap.of(), false);
  }

  /**
   * {@return these options with names of classes, which {@link LoadedModel#classNames} gives back}
   * They lie in {@code assets/classes.txt}, one a line. A model whose output is {@code (batch,
   * classes)} gets the signature {@code classify}, of the model's inputs; its outputs are {@code
   * classes}, the names, and {@code scores}, the model's values, both {@code (batch, classes)} and
   * the likeliest first.
   *
   * @param names one for each value of the model's output; two if that is one value, of which the
   *     second is that of the value 1
   */
  public ServingOptions classNames(List<String> names) {
    return new ServingOptions(ImmutableList.copyOf(names), images, features, folded);
  }

  /**
   * {@return these options with the signature {@code serving_bytes} for a model that takes pixels
   * from 0 to 255} Its input {@code image_bytes} is {@code (batch)} strings, each a BMP, GIF (its
   * first picture), JPEG or PNG (its alpha is left out). They are decoded as they are stored,
   * whatever EXIF says of how a photograph lies, resized bilinearly to the model's input, without
   * rounding, and made grey if the model takes one channel. With class names there is {@code
   * classify_bytes} too.
   */
  public ServingOptions imageBytes() {
    return imageBytes(new ImageBytes(Optional.empty(), UnaryOperator.identity()));
  }

  /**
   * {@return these options with the signature {@code serving_bytes}, as {@link #imageBytes()} for a
   * model that takes something else than pixels from 0 to 255}
   *
   * @param height of what images are resized to
   * @param width of what images are resized to
   * @param preprocessing layers without weights, from {@code (batch, height, width, channels)} to
   *     the model's input: {@code x -> x.to(centerCrop(224, 224)).to(rescaling(1 / 255.0))}
   * @throws ModelFileException if a size is less than 1
   */
  public ServingOptions imageBytes(int height, int width, UnaryOperator<Node> preprocessing) {
    if (height < 1 || width < 1) {
      throw new ModelFileException(
          "image bytes: expected a height and a width of 1 or more, received (%d, %d)"
              .formatted(height, width));
    }
    return imageBytes(new ImageBytes(Optional.of(Shape.of(height, width)), preprocessing));
  }

  private ServingOptions imageBytes(ImageBytes encoded) {
    return new ServingOptions(classNames, Optional.of(encoded), features, folded);
  }

  /**
   * {@return these options with a signature of one's own, which gives the results of some layers}
   *
   * @param layers as {@code Lowered.output} takes them; outputs are called so
   * @throws ModelFileException if there is such a signature already, or no layer is named
   */
  public ServingOptions features(String signature, String... layers) {
    if (MetaGraph.isReserved(signature) || features.containsKey(signature)) {
      throw new ModelFileException(
          "signature '" + signature + "': expected a name that is not taken");
    }
    if (layers.length == 0) {
      throw new ModelFileException(
          "signature '" + signature + "': expected the name of a layer, received none");
    }
    ImmutableMap.Builder<String, ImmutableList<String>> more = ImmutableMap.builder();
    more.putAll(features).put(signature, ImmutableList.copyOf(layers));
    return new ServingOptions(classNames, images, more.buildOrThrow(), folded);
  }

  /**
   * {@return these options with weights as constants and batch normalization folded into the
   * convolution before it} Predictions are faster and the same but for rounding (1e-5). Python
   * finds no variables in it and cannot train it further.
   */
  public ServingOptions folded() {
    return new ServingOptions(classNames, images, features, true);
  }

  ImmutableList<String> classNames() {
    return classNames;
  }

  Optional<ImageBytes> images() {
    return images;
  }

  /** For each signature of one's own the layers whose results it gives. */
  ImmutableMap<String, ImmutableList<String>> features() {
    return features;
  }

  /** Whether weights are constants and batch normalization is folded. */
  boolean isFolded() {
    return folded;
  }
}
