package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.pictures.PixelImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A network whose layers are known, and the image that it is to look at. Who opens it closes it.
 *
 * @param opened the same network as it predicts
 * @param image {@code (1, height, width, channels)} as the model takes it
 * @param pixels the same to be drawn
 * @param name of the image
 */
record Subjected(
    Model model,
    Weights weights,
    ModelFile opened,
    HostTensor image,
    PixelImages pixels,
    String name)
    implements AutoCloseable {
  private static final float WHITE = 255;

  /**
   * Opens a model and an image.
   *
   * @param named the option {@code --model}
   * @param say takes, in a line, what is doubtful about the image
   * @throws CommandException if the model is only a graph or takes other than images, or if the
   *     image does not fit
   */
  static Subjected open(Path path, Optional<String> named, Path image, Consumer<String> say) {
    ModelFile opened = ModelFile.open(path, named);
    try {
      DescribedModel described = described(path, opened);
      ModelInput input = ModelInput.of(opened);
      HostTensor pixels = pixels(input, image, say);
      return new Subjected(
          described.model(),
          described.weights(),
          opened,
          pixels,
          drawn(input, pixels, opened.isTrained() || !Inputs.isArray(image)),
          String.valueOf(image.getFileName()));
    } catch (RuntimeException | Error failure) {
      opened.close();
      throw failure;
    }
  }

  /** A run has its network in a file of its own beside its SavedModel, which is only a graph. */
  private static DescribedModel described(Path path, ModelFile file) {
    if (file instanceof DescribedModel known) {
      return known;
    }
    if (!Files.isRegularFile(ModelFolder.network(path))) {
      throw new CommandException(
          "model "
              + path
              + ": expected a network whose layers are known, received a SavedModel, which has only"
              + " a graph; take the .keras file that it was made from, a run of 'train', or say"
              + " --model NAME|FILE");
    }
    return ModelFile.described(path, Optional.empty());
  }

  private static HostTensor pixels(ModelInput input, Path image, Consumer<String> say) {
    if (!Inputs.isArray(image)) {
      if (!input.remark().isEmpty()) {
        say.accept("Note: " + input.remark() + ".");
      }
      return input.read(List.of(image));
    }
    HostTensor array = input.batch(image, ArrayData.samples(image).toHost());
    String doubt = input.doubt(array);
    if (!doubt.isEmpty()) {
      say.accept("Note: array " + image + " " + doubt + ".");
    }
    if (Tensors.count(array) != 1) {
      throw new CommandException(
          "array " + image + ": expected one image, received " + Tensors.count(array));
    }
    return array;
  }

  /** Numbers of arrays may be anything: the least is black then and the largest white. */
  private static PixelImages drawn(ModelInput input, HostTensor image, boolean known) {
    int height = image.shape().size(1);
    int width = image.shape().size(2);
    int channels = image.shape().size(3);
    float black = input.name().equals(ModelInput.DIGITS) ? Digits.INK : 0;
    float white = input.name().equals(ModelInput.DIGITS) ? 0 : WHITE;
    if (!known) {
      black = Float.MAX_VALUE;
      white = -Float.MAX_VALUE;
      for (float value : image.values()) {
        black = Math.min(black, value);
        white = Math.max(white, value);
      }
      white = white > black ? white : black + 1;
    }
    return new PixelImages(image.values(), height, width, channels, black, white);
  }

  /**
   * Everything that is not of the image is of the model.
   *
   * @throws GraphException if TensorFlow fails
   */
  HostTensor predicted() {
    return opened.predict(List.of(image), 1).get(0).row(0);
  }

  @Override
  public void close() {
    opened.close();
  }
}
