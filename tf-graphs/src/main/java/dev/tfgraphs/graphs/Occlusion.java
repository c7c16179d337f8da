package dev.tfgraphs.graphs;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.ops.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a network loses when a part of an image is hidden: occlusion of Zeiler and Fergus,
 * "Visualizing and Understanding Convolutional Networks" (2014). A square is moved over the image;
 * what the class loses by it belongs to the pixels under it.
 *
 * <p>{@code Occlusion.patch(32).stride(16).map(predictor, image, 281)} runs the network once for
 * each place of the square, many places at once.
 */
@CheckReturnValue
public final class Occlusion {
  private static final String CALL = "occlusion";

  /** Of so many squares is a side where none is given. */
  private static final int SQUARES = 8;

  private static final int BATCH = 32;

  /** Hears how far the work has come. */
  @FunctionalInterface
  public interface Progress {
    /** So many of so many places are done. What it throws ends the work. */
    void done(int places, int all);
  }

  private final int patch;
  private final int stride;
  private final Optional<float[]> fill;
  private final int batchSize;
  private final Progress progress;

  private Occlusion(
      int patch, int stride, Optional<float[]> fill, int batchSize, Progress progress) {
    this.patch = patch;
    this.stride = stride;
    this.fill = fill;
    this.batchSize = batchSize;
    this.progress = progress;
  }

  /**
   * {@return the map of an image by a square of an eighth of its shorter side, at least two pixels,
   * moved by half of that}
   *
   * @throws GraphException as {@link #map}
   */
  public static HostTensor of(Predictor predictor, HostTensor image, int classIndex) {
    return ofSize(image.shape()).map(predictor, image, classIndex);
  }

  /** {@return what {@link #of} takes for images {@code (1, height, width, channels)}} */
  public static Occlusion ofSize(Shape image) {
    int shorter = image.rank() == 4 ? Math.min(image.size(1), image.size(2)) : 1;
    return patch(Math.min(shorter, Math.max(2, shorter / SQUARES)));
  }

  /**
   * {@return occlusion by a square of so many pixels, moved by half of that, in the mean colour of
   * the image, for 32 places at once}
   *
   * @throws GraphException if the side is less than 1
   */
  public static Occlusion patch(int side) {
    atLeastOne("patch", side);
    return new Occlusion(side, Math.max(1, side / 2), Optional.empty(), BATCH, (places, all) -> {});
  }

  /**
   * {@return this with the square moved by so many pixels; its last place ends at the image's edge}
   *
   * @throws GraphException if that is less than 1
   */
  public Occlusion stride(int pixels) {
    atLeastOne("stride", pixels);
    return new Occlusion(patch, pixels, fill, batchSize, progress);
  }

  /** {@return this with a square of this colour: one value for all channels, or one for each} */
  public Occlusion fill(float... colour) {
    return new Occlusion(patch, stride, Optional.of(colour.clone()), batchSize, progress);
  }

  /**
   * {@return this with so many places at once}
   *
   * @throws GraphException if that is less than 1
   */
  public Occlusion batchSize(int places) {
    atLeastOne("batch size", places);
    return new Occlusion(patch, stride, fill, places, progress);
  }

  /** {@return this that tells how far it has come, after each batch} */
  public Occlusion progress(Progress hears) {
    return new Occlusion(patch, stride, fill, batchSize, hears);
  }

  private static void atLeastOne(String what, int value) {
    if (value < 1) {
      throw new GraphException(CALL + ": expected a " + what + " of 1 or more, received " + value);
    }
  }

  /**
   * {@return the map {@code (height, width)}: by how much what the model gives the class falls, on
   * average over the squares that hide the pixel; less than 0 where hiding makes the class
   * likelier}
   *
   * @param predictor of a model with one input of images and one output {@code (batch, classes)}
   * @param image {@code (1, height, width, channels)}
   * @param classIndex from 0
   * @throws GraphException if something does not fit, or if the thread is interrupted between two
   *     batches; it stays so
   */
  public HostTensor map(Predictor predictor, HostTensor image, int classIndex) {
    ClassOutput.check(CALL, predictor.model(), image, classIndex);
    int height = image.shape().size(1);
    int width = image.shape().size(2);
    if (patch > height || patch > width) {
      throw new GraphException(
          "%s: expected a patch of at most %d pixels for %s, received %d"
              .formatted(CALL, Math.min(height, width), image.shape(), patch));
    }
    float[] colour = colour(image);
    List<Place> places = places(height, width);
    double whole = predictor.predict(image).get(0).values()[classIndex];
    double[] falls = new double[height * width];
    int[] hidden = new int[height * width];
    for (int from = 0; from < places.size(); from += batchSize) {
      checkInterrupt(from, places.size());
      List<Place> some = places.subList(from, Math.min(from + batchSize, places.size()));
      HostTensor classes = predictor.predict(occluded(image, some, colour)).get(0);
      for (int i = 0; i < some.size(); i++) {
        double fall = whole - classes.row(i).values()[classIndex];
        some.get(i).add(fall, falls, hidden, width);
      }
      progress.done(from + some.size(), places.size());
    }
    return mean(falls, hidden, height, width);
  }

  private static HostTensor mean(double[] falls, int[] hidden, int height, int width) {
    float[] map = new float[falls.length];
    for (int i = 0; i < map.length; i++) {
      // where the stride is larger than the square, some pixels are never hidden
      map[i] = hidden[i] == 0 ? 0 : (float) (falls[i] / hidden[i]);
    }
    return new HostTensor(Shape.of(height, width), map);
  }

  private static void checkInterrupt(int done, int all) {
    if (Thread.currentThread().isInterrupted()) {
      throw new GraphException(
          CALL + ": interrupted after " + done + " of " + all + " places of the patch");
    }
  }

  /** A place of the square, by its first row and column. */
  private record Place(int row, int column, int side) {
    void add(double fall, double[] falls, int[] hidden, int width) {
      for (int y = row; y < row + side; y++) {
        for (int x = column; x < column + side; x++) {
          falls[y * width + x] += fall;
          hidden[y * width + x]++;
        }
      }
    }
  }

  private List<Place> places(int height, int width) {
    List<Place> places = new ArrayList<>();
    for (int row : starts(height)) {
      for (int column : starts(width)) {
        places.add(new Place(row, column, patch));
      }
    }
    return places;
  }

  /** 0, stride, ... and last what ends at the edge. */
  private List<Integer> starts(int size) {
    List<Integer> starts = new ArrayList<>();
    for (int start = 0; start < size - patch; start += stride) {
      starts.add(start);
    }
    starts.add(size - patch);
    return starts;
  }

  private float[] colour(HostTensor image) {
    int channels = image.shape().size(3);
    float[] given = fill.orElseGet(() -> means(image, channels));
    if (given.length != 1 && given.length != channels) {
      throw new GraphException(
          "%s: expected a fill of 1 or %d values, received %d"
              .formatted(CALL, channels, given.length));
    }
    if (given.length == channels) {
      return given;
    }
    float[] all = new float[channels];
    Arrays.fill(all, given[0]);
    return all;
  }

  private static float[] means(HostTensor image, int channels) {
    double[] sums = new double[channels];
    for (int i = 0; i < image.values().length; i++) {
      sums[i % channels] += image.values()[i];
    }
    float[] means = new float[channels];
    for (int i = 0; i < channels; i++) {
      means[i] = (float) (sums[i] * channels / image.values().length);
    }
    return means;
  }

  private static HostTensor occluded(HostTensor image, List<Place> places, float[] colour) {
    int width = image.shape().size(2);
    int size = image.values().length;
    float[] all = new float[Math.multiplyExact(places.size(), size)];
    for (int i = 0; i < places.size(); i++) {
      System.arraycopy(image.values(), 0, all, i * size, size);
      Place place = places.get(i);
      for (int y = place.row(); y < place.row() + place.side(); y++) {
        for (int x = place.column(); x < place.column() + place.side(); x++) {
          System.arraycopy(
              colour, 0, all, i * size + (y * width + x) * colour.length, colour.length);
        }
      }
    }
    return new HostTensor(image.shape().with(0, places.size()), all);
  }
}
