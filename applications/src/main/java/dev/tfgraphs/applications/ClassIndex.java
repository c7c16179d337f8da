package dev.tfgraphs.applications;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What the classes of a model are called. That of the published weights is a file which Keras
 * fetches once and shares: {@code ClassIndex.read(Downloads.ofKeras().fetch(new
 * RemoteFile(ClassIndex.ADDRESS, ClassIndex.FILE_NAME, ClassIndex.MD5)))}. Keras's source:
 * applications/imagenet_utils.py.
 */
public final class ClassIndex {
  /** How Keras calls the file of the thousand classes of ImageNet. */
  public static final String FILE_NAME = "imagenet_class_index.json";

  /** Where Keras fetches it. */
  public static final String ADDRESS =
      "https://storage.googleapis.com/download.tensorflow.org/data/" + FILE_NAME;

  /** Its hash. */
  public static final String MD5 = "c2c37ea517e94d9795004a39431a14cb";

  /** A class by its id in WordNet and its name. */
  record Entry(String id, String name) {}

  private final ImmutableList<Entry> entries;

  private ClassIndex(ImmutableList<Entry> entries) {
    this.entries = entries;
  }

  /**
   * {@return what a file of Keras's form tells} It is JSON, an object with a list of an id and a
   * name for each class from 0: <code>{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}
   * </code>
   *
   * @throws ModelException if the file is of another form, or not of every class once
   * @throws UncheckedIOException if it cannot be read
   */
  public static ClassIndex read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("class index " + file + ": cannot be read", e);
    }
    return new ClassIndex(new ClassIndexReader("class index " + file, text).entries());
  }

  /** {@return how many classes there are} */
  public int size() {
    return entries.size();
  }

  /** {@return the names of the classes in the order of a model's output} */
  public ImmutableList<String> names() {
    return entries.stream().map(Entry::name).collect(toImmutableList());
  }

  /**
   * {@return the likeliest classes, the likeliest first} Of equal scores the later class comes
   * first, as in Keras if NumPy's sort keeps their order, which it promises for none.
   *
   * @param predictions what a model says of one sample, a value for each class
   * @param top how many classes to tell; 5 is Keras's default
   * @throws ModelException if there are more or fewer values than classes, a value is not a number,
   *     or there are not so many classes
   */
  public ImmutableList<DecodedPrediction> decodePredictions(float[] predictions, int top) {
    require(predictions.length == size(), size() + " values", predictions.length);
    require(top >= 1 && top <= size(), "to tell from 1 to " + size() + " classes", top);
    for (int i = 0; i < predictions.length; i++) {
      require(!Float.isNaN(predictions[i]), "numbers", "NaN for " + entries.get(i).name);
    }
    return IntStream.range(0, size())
        .mapToObj(
            i -> new DecodedPrediction(i, entries.get(i).id, entries.get(i).name, predictions[i]))
        .sorted(
            Comparator.comparing(DecodedPrediction::score)
                .thenComparing(DecodedPrediction::index)
                .reversed())
        .limit(top)
        .collect(toImmutableList());
  }

  private static void require(boolean holds, String expected, Object received) {
    if (!holds) {
      throw new ModelException("class index: expected " + expected + ", received " + received);
    }
  }
}
