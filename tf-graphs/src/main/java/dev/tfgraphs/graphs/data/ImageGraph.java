package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.Interpolation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.data.ParallelMapDataset;
import org.tensorflow.op.image.DecodeImage;
import org.tensorflow.op.image.ResizeBicubic;
import org.tensorflow.op.image.ResizeBilinear;
import org.tensorflow.op.image.ResizeNearestNeighbor;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.data.DatasetOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Owns the {@code tf.data} operations that make batches of images out of paths. */
final class ImageGraph implements AutoCloseable {

  private static final ImmutableList<Class<? extends TType>> FLOAT =
      ImmutableList.of(TFloat32.class);

  /** Height, width and channels, a bit each: from the first to the last of them. */
  private static final long EVERY_AXIS = 0b111;

  /**
   * The thread that would look for better numbers of threads sleeps ever longer, and at the end of
   * an epoch TensorFlow waits for it, by chance as long as the epoch has taken.
   */
  private static final String UNTUNED =
      new String(
          DatasetOptions.Options.newBuilder()
              .setAutotuneOptions(DatasetOptions.AutotuneOptions.newBuilder().setEnabled(false))
              .build()
              .toByteArray(),
          StandardCharsets.US_ASCII);

  private final CpuGraph graph = new CpuGraph();
  private final Placeholder<TString> paths;
  private final Placeholder<TInt32> orientations;
  private final Op begin;
  private final Operand<?> batch;
  private final Placeholder<TString> path;
  private final Placeholder<TInt32> orientation;
  private final Operand<?> image;

  ImageGraph(Images.Decoding decoding, int batchSize) {
    try {
      Ops tf = graph.tf();
      path = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
      orientation = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
      image = decoded(tf, path, orientation, decoding);
      Placeholder.Options any = Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE));
      paths = tf.placeholder(TString.class, any);
      orientations = tf.placeholder(TInt32.class, any);
      List<Shape> one = List.of(Shape.of(decoding.height(), decoding.width(), decoding.channels()));
      List<Shape> many = List.of(one.get(0).prepend(Shape.UNKNOWN_SIZE));
      Operand<?> batches =
          tf.data.batchDataset(
              images(decoding, one),
              tf.constant((long) batchSize),
              tf.constant(false),
              FLOAT,
              many);
      var iterator = tf.data.iterator("", "", FLOAT, many);
      Operand<?> untuned = tf.data.optionsDataset(batches, UNTUNED, FLOAT, many);
      begin = tf.data.makeIterator(untuned, iterator);
      batch = tf.data.iteratorGetNext(iterator, FLOAT, many).components().get(0);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
  }

  /** In order, although several threads decode. */
  private Operand<?> images(Images.Decoding decoding, List<Shape> one) {
    Ops tf = graph.tf();
    Operand<?> files =
        tf.data.tensorSliceDataset(
            List.of(paths, orientations), List.of(Shape.scalar(), Shape.scalar()));
    try (ConcreteFunction decode = ConcreteFunction.create(ops -> function(ops, decoding))) {
      return tf.data.parallelMapDataset(
          files,
          List.of(),
          tf.constant((long) Runtime.getRuntime().availableProcessors()),
          decode,
          FLOAT,
          one,
          ParallelMapDataset.deterministic("true"));
    }
  }

  private static Signature function(Ops tf, Images.Decoding decoding) {
    Placeholder<TString> path = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    Placeholder<TInt32> orientation =
        tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    return Signature.builder()
        .input("path", path)
        .input("orientation", orientation)
        .output("image", decoded(tf, path, orientation, decoding))
        .build();
  }

  private static Operand<TFloat32> decoded(
      Ops tf, Operand<TString> path, Operand<TInt32> orientation, Images.Decoding decoding) {
    Operand<TUint8> pixels =
        tf.image.decodeImage(
            tf.io.readFile(path),
            TUint8.class,
            DecodeImage.channels((long) decoding.channels()),
            DecodeImage.expandAnimations(false));
    Operand<TUint8> one = tf.expandDims(upright(tf, pixels, orientation), tf.constant(0));
    Operand<TInt32> size = tf.constant(new int[] {decoding.height(), decoding.width()});
    return tf.reshape(
        resized(tf, one, size, decoding.interpolation()),
        tf.constant(new int[] {decoding.height(), decoding.width(), decoding.channels()}));
  }

  /** An orientation's number chooses rows of tables. Nothing is copied of what is upright. */
  private static Operand<TUint8> upright(
      Ops tf, Operand<TUint8> image, Operand<TInt32> orientation) {
    Operand<TInt32> axes = row(tf, Orientation::axes, orientation);
    Operand<TInt32> strides = row(tf, Orientation::strides, orientation);
    Operand<TInt32> ends = tf.constant(new int[3]);
    return tf.stridedSlice(
        tf.linalg.transpose(image, axes),
        ends,
        ends,
        strides,
        StridedSlice.beginMask(EVERY_AXIS),
        StridedSlice.endMask(EVERY_AXIS));
  }

  private static Operand<TInt32> row(
      Ops tf, Function<Orientation, int[]> row, Operand<TInt32> number) {
    int[][] rows = new int[Orientation.values().length + 1][3];
    for (Orientation orientation : Orientation.values()) {
      rows[orientation.number()] = row.apply(orientation);
    }
    return tf.gather(tf.constant(rows), number, tf.constant(0));
  }

  /** As {@code tf.image.resize} does. */
  private static Operand<TFloat32> resized(
      Ops tf, Operand<TUint8> image, Operand<TInt32> size, Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST ->
          tf.dtypes.cast(
              tf.image.resizeNearestNeighbor(
                  image, size, ResizeNearestNeighbor.halfPixelCenters(true)),
              TFloat32.class);
      case BILINEAR -> tf.image.resizeBilinear(image, size, ResizeBilinear.halfPixelCenters(true));
      case BICUBIC -> tf.image.resizeBicubic(image, size, ResizeBicubic.halfPixelCenters(true));
      case AREA -> tf.image.resizeArea(image, size);
      case LANCZOS3 -> scaled(tf, image, size, "lanczos3");
      case LANCZOS5 -> scaled(tf, image, size, "lanczos5");
    };
  }

  private static Operand<TFloat32> scaled(
      Ops tf, Operand<TUint8> image, Operand<TInt32> size, String kernel) {
    Operand<TInt32> given =
        tf.slice(tf.shape(image), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
    Operand<TFloat32> scale =
        tf.math.div(tf.dtypes.cast(size, TFloat32.class), tf.dtypes.cast(given, TFloat32.class));
    return tf.image.scaleAndTranslate(
        image,
        size,
        scale,
        tf.constant(new float[2]),
        ScaleAndTranslate.kernelType(kernel),
        ScaleAndTranslate.antialias(false));
  }

  /** Starts over, with these files. */
  void begin(List<ImageFile> files) {
    String[] names = files.stream().map(file -> file.path().toString()).toArray(String[]::new);
    int[] turned = files.stream().mapToInt(file -> file.orientation().number()).toArray();
    try (TString tensor = TString.tensorOf(NdArrays.vectorOfObjects(names));
        TInt32 numbers = TInt32.vectorOf(turned)) {
      graph
          .session()
          .runner()
          .feed(paths, tensor)
          .feed(orientations, numbers)
          .addTarget(begin)
          .run()
          .close();
    }
  }

  /** {@return the images of the next files, {@code (batch, height, width, channels)}} */
  @SuppressWarnings("resource") // the result has nothing but the tensor
  Optional<Tensor> next() {
    try {
      return Optional.of(graph.session().runner().fetch(batch).run().get(0));
    } catch (TFOutOfRangeException e) {
      return Optional.empty();
    }
  }

  /**
   * Decodes one file for the sake of its failure; the failure of a batch does not name the file.
   *
   * @throws GraphException if it fails
   */
  void check(ImageFile file) {
    Optional<RuntimeException> failure = failure(file);
    if (failure.isPresent()) {
      throw BrokenImage.undecodable(file.path(), failure.get()).exception(failure.get());
    }
  }

  /** What decoding one file fails with; empty if it does not. */
  Optional<RuntimeException> failure(ImageFile file) {
    try (TString name = TString.scalarOf(file.path().toString());
        TInt32 number = TInt32.scalarOf(file.orientation().number())) {
      graph
          .session()
          .runner()
          .feed(path, name)
          .feed(orientation, number)
          .fetch(image)
          .run()
          .close();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /** What TensorFlow runs. */
  GraphDef definition() {
    return graph.definition();
  }

  @Override
  public void close() {
    graph.close();
  }
}
