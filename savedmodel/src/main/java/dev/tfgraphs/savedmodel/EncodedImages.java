package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.input;

import dev.tfgraphs.graphs.Lowering;
import dev.tfgraphs.graphs.Mode;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/**
 * The ops that make encoded images into the input of a model.
 *
 * @param bytes where a batch of strings is fed
 * @param images the model's input
 */
record EncodedImages(Output<?> bytes, Output<?> images) {
  /** The end of the name tells TensorFlow Serving that the strings are no text. */
  static final String INPUT = "image_bytes";

  private static final int COLOURS = 3;

  /** Of red, green and blue in the brightness that the eye sees (ITU-R BT.601). */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  /**
   * Adds the ops.
   *
   * @throws ModelFileException if the model takes no images of known size, or what the
   *     preprocessing gives is not what it takes
   */
  static EncodedImages into(Graph graph, Model model, ServingOptions.ImageBytes options) {
    Shape wanted = wanted(model);
    Shape size = options.size().orElse(Shape.of(wanted.size(1), wanted.size(2)));
    Model preprocessing = preprocessing(options, size, wanted);
    Output<?> bytes =
        graph
            .opBuilder("Placeholder", OpNames.free(graph, INPUT), Ops.create(graph).scope())
            .setAttr("dtype", DataType.DT_STRING)
            .setAttr(
                "shape", org.tensorflow.ndarray.Shape.of(org.tensorflow.ndarray.Shape.UNKNOWN_SIZE))
            .build()
            .output(0);
    Ops tf = Ops.create(graph).withSubScope("decoding");
    Operand<TFloat32> colours = decoded(tf, bytes, size);
    Operand<TFloat32> pixels = wanted.size(3) == COLOURS ? colours : grey(tf, colours);
    Operand<TFloat32> images =
        Lowering.of(tf, preprocessing, 0).emit(Mode.INFERENCE, pixels).outputs().get(0);
    return new EncodedImages(bytes, images.asOutput());
  }

  private static Shape wanted(Model model) {
    List<Shape> shapes = model.inputs().stream().map(Node::shape).toList();
    Shape shape = shapes.get(0);
    boolean images =
        shapes.size() == 1
            && shape.rank() == 4
            && shape.size(1) != Shape.UNKNOWN
            && shape.size(2) != Shape.UNKNOWN
            && (shape.size(3) == 1 || shape.size(3) == COLOURS);
    if (!images) {
      throw new ModelFileException(
          "image bytes: expected a model of one input (None, height, width, 1 or 3), received one"
              + " of "
              + shapes);
    }
    return shape;
  }

  private static Model preprocessing(ServingOptions.ImageBytes options, Shape size, Shape wanted) {
    Node pixels = input(size.size(0), size.size(1), wanted.size(3));
    Node made = options.preprocessing().apply(pixels);
    if (!made.shape().equals(wanted)) {
      throw new ModelFileException(
          "image bytes: expected preprocessing of "
              + pixels.shape()
              + " to give "
              + wanted
              + ", received "
              + made.shape());
    }
    Model model = Model.of(pixels, made);
    if (!model.weights().isEmpty()) {
      throw new ModelFileException(
          "image bytes: expected preprocessing without weights, received "
              + model.weights().get(0).path());
    }
    return model;
  }

  /** Each string by itself, several at once: decoders take one image. */
  @SuppressWarnings("unchecked") // as the output types say
  private static Operand<TFloat32> decoded(Ops tf, Output<?> bytes, Shape size) {
    try (ConcreteFunction one = ConcreteFunction.create(ops -> decoder(ops, size))) {
      return (Operand<TFloat32>)
          (Operand<?>)
              tf.mapDefun(
                      List.of(bytes),
                      List.of(),
                      List.of(TFloat32.class),
                      List.of(Elements.shape(Shape.of(size.size(0), size.size(1), COLOURS))),
                      one)
                  .iterator()
                  .next();
    }
  }

  private static org.tensorflow.Signature decoder(Ops tf, Shape size) {
    Placeholder<TString> bytes =
        tf.placeholder(TString.class, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
    // in colour, as only some decoders make grey
    Operand<TUint8> pixels =
        tf.image.decodeImage(
            bytes,
            TUint8.class,
            DecodeImage.channels((long) COLOURS),
            DecodeImage.expandAnimations(false));
    Operand<TFloat32> resized =
        tf.image.resizeBilinear(
            tf.expandDims(pixels, tf.constant(0)),
            tf.constant(size.toArray()),
            ResizeBilinear.halfPixelCenters(true));
    return org.tensorflow.Signature.builder()
        .input("bytes", bytes)
        .output(
            "image",
            tf.reshape(resized, tf.constant(new int[] {size.size(0), size.size(1), COLOURS})))
        .build();
  }

  private static Operand<TFloat32> grey(Ops tf, Operand<TFloat32> colours) {
    return tf.reduceSum(
        tf.math.mul(colours, tf.constant(LUMA)), tf.constant(-1), ReduceSum.keepDims(true));
  }
}
