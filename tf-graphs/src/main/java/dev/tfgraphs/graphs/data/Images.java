package dev.tfgraphs.graphs.data;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.data.RowOrder.Shuffle;
import dev.tfgraphs.ops.Interpolation;
import dev.tfgraphs.ops.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;

/**
 * Image files, decoded and resized while they are read, in parallel and on the CPU. An image is
 * float32, {@code (height, width, channels)}, from 0 to 255 and not rounded; a label is int32,
 * {@code ()}. BMP, GIF (its first picture), JPEG (CMYK too) and PNG (its alpha is left out) are
 * read. A photograph is read as it lies in its file, as Keras reads it, or {@link #upright}.
 */
public final class Images extends Dataset {

  /** What becomes of a file: settings of the decoding. */
  record Decoding(int height, int width, int channels, Interpolation interpolation) {}

  private final ImmutableList<ImageFile> files;
  private final @Nullable Samples labels;
  private final ImmutableList<String> classNames;
  private final Decoding decoding;

  private Images(
      ImmutableList<ImageFile> files,
      @Nullable Samples labels,
      ImmutableList<String> classNames,
      Decoding decoding) {
    this.files = files;
    this.labels = labels;
    this.classNames = classNames;
    this.decoding = decoding;
  }

  /**
   * {@return the images of a folder that has a subfolder for each class} Classes are the subfolders
   * in order of their names; files end in .bmp, .gif, .jpeg, .jpg or .png (in capitals too) and may
   * lie deeper. Colour images, resized bilinearly.
   *
   * <p>As in Keras a single subfolder is one class, label 0; often it is a folder too high. {@link
   * #files} and {@link #paths} read images of no class.
   *
   * @throws GraphException if the folder is none or has no subfolder, there are no images, or a
   *     file does not begin as an image does
   */
  public static Images folder(Path directory, int height, int width) {
    Images all = listed(directory, height, width);
    ImageFiles.check(all.paths());
    return all;
  }

  /**
   * {@return the images of a folder that can be decoded, as {@link #folder(Path, int, int)} but for
   * the others} Each file is decoded once for it, several at a time. A class that has no other
   * images keeps its name and its label.
   *
   * @param broken takes those that are left out, in the stored order
   * @throws GraphException if the folder is none or has no subfolder, or there are no images that
   *     can be decoded
   */
  public static Images folder(Path directory, int height, int width, Consumer<BrokenImage> broken) {
    Images all = listed(directory, height, width);
    Set<Path> left = new HashSet<>();
    for (BrokenImage image : BrokenImages.among(all.files)) {
      left.add(image.path());
      broken.accept(image);
    }
    int[] rows =
        IntStream.range(0, all.files.size())
            .filter(row -> !left.contains(all.files.get(row).path()))
            .toArray();
    if (rows.length == 0) {
      throw new GraphException(
          "images: expected one or more that can be decoded below %s, received %d that cannot"
              .formatted(directory, left.size()));
    }
    return all.chosen(rows);
  }

  private static Images listed(Path directory, int height, int width) {
    ImmutableList<String> classNames = ImageFiles.classNames(directory);
    List<Path> paths = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      for (Path path : ImageFiles.list(directory.resolve(classNames.get(label)))) {
        paths.add(path);
        labels.add(label);
      }
    }
    checkSome(paths, directory);
    int[] numbers = labels.stream().mapToInt(Integer::intValue).toArray();
    return of(paths, Samples.labels(numbers), classNames, height, width);
  }

  /**
   * {@return images without labels, to predict for} Colour images, resized bilinearly, in the given
   * order.
   *
   * @throws GraphException if there are none, or a file does not begin as an image does
   */
  public static Images files(List<Path> files, int height, int width) {
    if (files.isEmpty()) {
      throw new GraphException("images: expected at least one file, received none");
    }
    Images images = of(files, null, ImmutableList.of(), height, width);
    ImageFiles.check(files);
    return images;
  }

  /**
   * {@return the image files in a folder and below, by folder and then by name, as {@link #folder}
   * takes them for a class}
   *
   * @throws GraphException if the folder cannot be read or has no images
   */
  public static ImmutableList<Path> paths(Path directory) {
    List<Path> paths = ImageFiles.list(directory);
    checkSome(paths, directory);
    return ImmutableList.copyOf(paths);
  }

  private static void checkSome(List<Path> paths, Path directory) {
    if (paths.isEmpty()) {
      throw new GraphException(
          "images: expected .bmp, .gif, .jpeg, .jpg or .png files below "
              + directory
              + ", received none");
    }
  }

  private static Images of(
      List<Path> paths,
      @Nullable Samples labels,
      ImmutableList<String> classNames,
      int height,
      int width) {
    if (height < 1 || width < 1) {
      throw new GraphException(
          "images: expected a height and a width of 1 or more, received (%d, %d)"
              .formatted(height, width));
    }
    return new Images(
        paths.stream().map(ImageFile::asStored).collect(toImmutableList()),
        labels,
        classNames,
        new Decoding(height, width, 3, Interpolation.BILINEAR));
  }

  /**
   * {@return these images in grey: one channel}
   *
   * @throws GraphException if TensorFlow, and so Keras, cannot decode a file to grey: it can JPEG
   *     but CMYK, and PNG
   */
  public Images grayscale() {
    ImageFiles.checkGreyable(paths());
    return with(new Decoding(decoding.height, decoding.width, 1, decoding.interpolation));
  }

  /**
   * {@return these images, resized in another way; float32 in any case, where Keras has uint8 for
   * the nearest pixels}
   */
  public Images interpolation(Interpolation interpolation) {
    return with(new Decoding(decoding.height, decoding.width, decoding.channels, interpolation));
  }

  private Images with(Decoding changed) {
    return new Images(files, labels, classNames, changed);
  }

  /**
   * {@return these images, photographs turned and mirrored as the orientation in the EXIF of a JPEG
   * says} By default they are taken as they are stored, as Keras and TensorFlow take them. A JPEG
   * without EXIF or with damaged EXIF, and files of other kinds, are as they are stored. The first
   * kilobytes of each file are read.
   *
   * @throws GraphException if a file cannot be read
   */
  public Images upright() {
    return new Images(
        files.stream().map(ImageFile::upright).collect(toImmutableList()),
        labels,
        classNames,
        decoding);
  }

  /** {@return the names of the classes, by label; none if there are no labels} */
  public ImmutableList<String> classNames() {
    return classNames;
  }

  /** {@return the files in the stored order} */
  public ImmutableList<Path> paths() {
    return files.stream().map(ImageFile::path).collect(toImmutableList());
  }

  /**
   * Shuffles the files once and cuts off the last part for validation: the very files that Keras's
   * {@code image_dataset_from_directory} takes for this seed.
   *
   * @throws GraphException if the fraction is not between 0 and 1, a part would be empty, or the
   *     seed does not fit in 32 bits
   */
  public Split split(double validationSplit, long seed) {
    checkFraction(validationSplit);
    if (seed < 0 || seed > 0xFFFFFFFFL) {
      throw new GraphException("split: expected a seed from 0 to 4294967295, received " + seed);
    }
    int training = files.size() - (int) (validationSplit * files.size());
    checkParts(training, files.size(), validationSplit);
    int[] order = new NumpyRandom(seed).shuffled(files.size());
    return new Split(
        chosen(Arrays.copyOfRange(order, 0, training)),
        chosen(Arrays.copyOfRange(order, training, order.length)));
  }

  private Images chosen(int[] rows) {
    ImmutableList<ImageFile> some =
        Arrays.stream(rows).mapToObj(files::get).collect(toImmutableList());
    return new Images(some, labels == null ? null : labels.chosen(rows), classNames, decoding);
  }

  @Override
  void checkSplittable() {
    if (labels != null) {
      throw new GraphException(
          "split: expected split(validationSplit, seed) for a folder of images, since its files are"
              + " sorted by class");
    }
  }

  @Override
  Dataset range(long from, long to) {
    return chosen(IntStream.range(Math.toIntExact(from), Math.toIntExact(to)).toArray());
  }

  @Override
  public ImmutableList<TensorSpec> inputs() {
    Shape shape = Shape.of(decoding.height, decoding.width, decoding.channels);
    return ImmutableList.of(new TensorSpec(DataType.DT_FLOAT, shape));
  }

  @Override
  public ImmutableList<TensorSpec> targets() {
    return labels == null ? ImmutableList.of() : ImmutableList.of(labels.spec());
  }

  @Override
  public Optional<Range<Integer>> targetRange(int index) {
    return labels == null ? Optional.empty() : labels.range(0, labels.count());
  }

  @Override
  OptionalLong firstWith(int index, int number) {
    return labels == null
        ? OptionalLong.empty()
        : labels.first(0, labels.count(), number).stream().asLongStream().findFirst();
  }

  @Override
  public boolean weighted() {
    return false;
  }

  @Override
  public long samples() {
    return files.size();
  }

  @Override
  public Batches open(int batchSize, boolean shuffle, long seed) {
    return Prefetching.of(read(batchSize, Shuffle.of(shuffle), seed), Pipeline.PREFETCH);
  }

  @Override
  Batches read(int batchSize, Shuffle shuffle, long seed) {
    RowOrder order = new RowOrder(0, files.size(), batchSize, shuffle, seed);
    return new ImageBatches(files, labels, new ImageGraph(decoding, batchSize), order);
  }
}
