package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.flip;
import static dev.tfgraphs.ops.Layers.normalization;

import dev.tfgraphs.ops.Node;
import java.util.Arrays;

/**
 * What published weights expect of images: Keras's {@code preprocess_input} with its mode of this
 * name (keras/src/applications/imagenet_utils.py), as layers that compute in float32, as it does. A
 * network that holds them is fed pixels as they are, red, green and blue from 0 to 255.
 *
 * <p>Which of them is a matter of the weights: {@code RESNET50.weights().preprocessing()}. Its
 * {@link #on} goes wherever layers go: into a model, {@code network.features(mode.on(images))};
 * before batches of a dataset, {@code dataset.map(Preprocessing.of(0, mode::on))}; before the
 * encoded images of a SavedModel, {@code imageBytes(224, 224, mode::on)}.
 */
public enum ImagePreprocessing {
  /** Blue, green and red, each less its mean over ImageNet, not scaled. */
  CAFFE {
    @Override
    public Node on(Node images) {
      return images.to(flip(-1)).to(normalization(BLUE_GREEN_RED, new double[] {1, 1, 1}));
    }
  },

  /**
   * From -1 to 1: {@code x / 127.5 - 1}, as {@code (x - 127.5) / 127.5}, because unlike a rescaling
   * a normalization computes in float32 whatever the precision of the training is.
   */
  TF {
    @Override
    public Node on(Node images) {
      return images.to(normalization(127.5, 127.5 * 127.5));
    }
  },

  /** From 0 to 1, then each channel less its mean over ImageNet and divided by its deviation. */
  TORCH {
    @Override
    public Node on(Node images) {
      return images.to(normalization(of255(MEAN, 1), of255(DEVIATION, 2)));
    }
  };

  private static final double[] BLUE_GREEN_RED = {103.939, 116.779, 123.68};
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  /** Of pixels what {@code numbers} are of pixels from 0 to 1, as a power. */
  private static double[] of255(double[] numbers, int power) {
    return Arrays.stream(numbers).map(number -> Math.pow(255 * number, power)).toArray();
  }

  /**
   * {@return what a network is to be applied to}
   *
   * @param images {@code (batch, height, width, channels)}; {@link #CAFFE} and {@link #TORCH} take
   *     three channels
   * @throws dev.tfgraphs.ops.ModelException if the channels are others
   */
  public abstract Node on(Node images);
}
