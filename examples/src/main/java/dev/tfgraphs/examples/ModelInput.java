package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Images;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/**
 * Makes files into what a saved model takes. Models scale pixels by themselves: they take 0 to 255,
 * or, where 'train' has called the input {@value #DIGITS}, 0 (paper) to 16 (ink).
 *
 * @param name of the input of a model that 'train' wrote; empty for others
 * @param image the shape of one image, {@code (height, width, channels)}
 */
record ModelInput(String name, Shape image) {
  static final String DIGITS = "digits";

  /** What 'train' calls the input of all other models. */
  static final String IMAGES = "images";

  /** The digits come from bitmaps of 32 x 32, of which 4 x 4 make a pixel; this is still finer. */
  private static final int FINER = 16;

  private static final float WHITE = 255;

  /** Of red, green and blue in the brightness that the eye sees (ITU-R BT.601). */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  /**
   * What {@code model} takes.
   *
   * @throws CommandException if that is not one image of known size, grey or in colour, or if the
   *     model does not tell classes apart
   */
  static ModelInput of(ModelFile model) {
    if (model.classes().isEmpty()) {
      throw new CommandException(
          "model: expected one output (None, classes), received "
              + ModelFile.shapes(model.outputs()));
    }
    return ifImages(model)
        .orElseThrow(
            () ->
                new CommandException(
                    "model: expected one input (None, height, width, 1 or 3), received "
                        + ModelFile.shapes(model.inputs())));
  }

  /**
   * The same, empty if the model takes or gives something else. What others than 'train' call
   * images or digits may be anything.
   */
  static Optional<ModelInput> ifImages(ModelFile model) {
    SignatureTensor input = model.inputs().get(0);
    Shape shape = input.shape().orElse(Shape.of());
    if (model.classes().isEmpty() || model.inputs().size() != 1 || !isImages(shape)) {
      return Optional.empty();
    }
    int[] sizes = shape.toArray();
    return Optional.of(
        new ModelInput(
            model.isTrained() ? input.name() : "", Shape.of(sizes[1], sizes[2], sizes[3])));
  }

  private static boolean isImages(Shape shape) {
    return shape.rank() == 4
        && shape.size(1) > 0
        && shape.size(2) > 0
        && (shape.size(3) == 1 || shape.size(3) == 3);
  }

  /** What to tell whoever predicts for images; empty if there is nothing special. */
  String remark() {
    if (isDigits()) {
      return "images become 8 x 8 digits: averaged, in grey, ink 16 and paper 0 (whatever is darker"
          + " on light paper is ink)";
    }
    return isOurs()
        ? ""
        : "pixels go in as they are in the files, 0 to 255; a model that takes others needs arrays";
  }

  private boolean isDigits() {
    return name.equals(DIGITS);
  }

  /** Images {@code (count, height, width, channels)} out of files. */
  HostTensor read(List<Path> files) {
    if (isDigits()) {
      return digits(files);
    }
    return all(coloured(upright(files, 1)));
  }

  /** As {@link DataSource#images} takes photographs, so many times as large as the input. */
  private Images upright(List<Path> files, int times) {
    return Images.files(files, image.size(0) * times, image.size(1) * times).upright();
  }

  private HostTensor digits(List<Path> files) {
    HostTensor large;
    try (Paper paper = new Paper()) {
      Images laid = upright(paper.under(files), FINER).interpolation(Interpolation.NEAREST);
      large = all(coloured(laid));
    }
    float[] values = new float[Math.toIntExact(files.size() * image.elements())];
    for (int i = 0; i < files.size(); i++) {
      float[] digit = digit(large.row(i).values());
      System.arraycopy(digit, 0, values, i * digit.length, digit.length);
    }
    return batch(files.size(), values);
  }

  /**
   * Images in the colours that the model takes. Grey is made of colours and not asked of the
   * decoders, of which only some make it; by the weights of JPEG and PNG themselves.
   */
  Dataset coloured(Images images) {
    return image.size(2) == 1 ? images.map(ModelInput::grey) : images;
  }

  private static Operand<TFloat32> grey(Ops tf, Operand<?> colours) {
    Operand<TFloat32> weighted =
        tf.math.mul(tf.dtypes.cast(colours, TFloat32.class), tf.constant(LUMA));
    return tf.reduceSum(weighted, tf.constant(-1), ReduceSum.keepDims(true));
  }

  private static HostTensor all(Dataset images) {
    List<HostTensor> parts = new ArrayList<>();
    Reading.batches(images, (pixels, labels) -> parts.add(pixels));
    return Tensors.joined(parts);
  }

  /** An image of many pixels in grey as the digits are. */
  private float[] digit(float[] pixels) {
    int width = image.size(1);
    float[] digit = new float[Math.toIntExact(image.elements())];
    for (int i = 0; i < pixels.length; i++) {
      int row = i / (width * FINER) / FINER;
      int column = i % (width * FINER) / FINER;
      digit[row * width + column] += pixels[i] / (FINER * FINER);
    }
    double mean = 0;
    for (float level : digit) {
      mean += level / digit.length;
    }
    for (int i = 0; i < digit.length; i++) {
      // there is more paper than ink
      float ink = mean > WHITE / 2 ? WHITE - digit[i] : digit[i];
      digit[i] = ink / WHITE * Digits.INK;
    }
    return digit;
  }

  /**
   * An array as a batch: {@code (count, height, width, channels)} or without the count; grey images
   * may lack the channel.
   *
   * @param file for messages
   * @throws CommandException if the array is shaped otherwise, or holds what is no pixel
   */
  HostTensor batch(Path file, HostTensor array) {
    HostTensor batch = shaped(file, array);
    for (int i = 0; i < array.values().length; i++) {
      float value = array.values()[i];
      // NaN compares with nothing
      if (!(value >= least() && value <= most())) {
        throw new CommandException(
            "array "
                + file
                + ": expected "
                + (isOurs() ? "pixels from 0 to " + (int) most() : "finite numbers")
                + ", received "
                + value
                + " at "
                + place(i, array.shape()));
      }
    }
    return batch;
  }

  /** What makes pixels doubtful that {@link #batch} takes; empty if there is nothing. */
  String doubt(HostTensor array) {
    boolean scaled = false;
    for (float value : array.values()) {
      if (value > 1) {
        return "";
      }
      scaled |= value > 0 && value < 1;
    }
    return isOurs() && scaled
        ? "holds nothing above 1, but the model takes 0 to " + (int) most()
        : "";
  }

  /** Of models from elsewhere nothing is known but that they take numbers. */
  private float least() {
    return isOurs() ? 0 : -Float.MAX_VALUE;
  }

  private float most() {
    return isDigits() ? Digits.INK : isOurs() ? WHITE : Float.MAX_VALUE;
  }

  private boolean isOurs() {
    return isDigits() || name.equals(IMAGES);
  }

  /** As NumPy indexes it. */
  private static String place(int index, Shape shape) {
    List<Integer> place = new ArrayList<>();
    int rest = index;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      place.add(0, rest % shape.size(axis));
      rest /= shape.size(axis);
    }
    return place.toString();
  }

  private HostTensor shaped(Path file, HostTensor array) {
    int[] wanted = image.toArray();
    int[] given = array.shape().toArray();
    int[] flat = wanted[2] == 1 ? Arrays.copyOf(wanted, 2) : wanted;
    for (int[] shape : List.of(wanted, flat)) {
      if (Arrays.equals(given, shape)) {
        return batch(1, array.values());
      }
    }
    for (int[] shape : List.of(wanted, flat)) {
      if (given.length == shape.length + 1
          && Arrays.equals(Arrays.copyOfRange(given, 1, given.length), shape)) {
        return batch(given[0], array.values());
      }
    }
    throw new CommandException(
        "array "
            + file
            + ": expected (count, "
            + wanted[0]
            + ", "
            + wanted[1]
            + ", "
            + wanted[2]
            + ") as the model takes it, received "
            + array.shape());
  }

  private HostTensor batch(int count, float[] values) {
    return new HostTensor(image.batched().with(0, count), values);
  }
}
