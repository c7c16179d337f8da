package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import java.util.List;
import java.util.Optional;

/**
 * In training, fills a rectangle of some images with noise or a color; otherwise does nothing. The
 * shape {@code (batch, height, width, channels)} stays. Keras's source:
 * layers/preprocessing/image_preprocessing/random_erasing.py.
 */
public final class RandomErasing extends RandomImageLayer<RandomErasing> {
  static final Settings<RandomErasing> SETTINGS =
      seeded(
          Settings.<RandomErasing>of(
                  "RandomErasing",
                  its ->
                      new RandomErasing(
                          its.with(
                              "factor", Forms.around(0), RandomErasing::factor, Range.of(0, 1))))
              .with(
                  "scale",
                  Forms.RANGE,
                  RandomErasing::scale,
                  (layer, range) -> layer.scale(range.lower(), range.upper()))
              .optional(
                  "fill_value",
                  Form.numbers(),
                  its -> Optional.of(its.fillValue).filter(values -> !values.isEmpty()),
                  (layer, values) -> layer.fillValue(Doubles.toArray(values)))
              .with(
                  "value_range",
                  Forms.RANGE,
                  RandomErasing::valueRange,
                  (layer, range) -> layer.valueRange(range.lower(), range.upper())));

  private final Range factor;
  private Range scale = Range.of(0.02, 0.33);
  private ImmutableList<Double> fillValue = ImmutableList.of();
  private Range valueRange = Range.of(0, 255);

  RandomErasing(double factor) {
    this.factor = bounded("factor", factor, 0, 1);
  }

  RandomErasing(Range factor) {
    this.factor = bounded("factor", factor, 0, 1);
  }

  /** {@return how likely an image is touched; each draws its own likelihood from this range} */
  public Range factor() {
    return factor;
  }

  /** {@return the squares of the fractions of height and width that go; by default 0.02 to 0.33} */
  public Range scale() {
    return scale;
  }

  /**
   * {@return this layer with rectangles of another size}
   *
   * @throws ModelException if the bounds do not lie between 0 and 1, the lower first
   */
  public RandomErasing scale(double lower, double upper) {
    Range range = bounded("scale", Range.of(lower, upper), 0, 1);
    return changed(copy -> copy.scale = range);
  }

  /**
   * {@return what fills the rectangle: a number for each channel, one for all, or by default none
   * for noise}
   */
  public ImmutableList<Double> fillValue() {
    return fillValue;
  }

  /**
   * {@return this layer with rectangles of one color: a number for each channel, or one for all}
   *
   * @throws ModelException if there are no numbers, or one is not finite
   */
  public RandomErasing fillValue(double... values) {
    ImmutableList<Double> color = ImmutableList.copyOf(Doubles.asList(values));
    require(
        !color.isEmpty() && color.stream().allMatch(Double::isFinite),
        "finite fill values, one or more",
        color);
    return changed(copy -> copy.fillValue = color);
  }

  /** {@return between which values pixels lie; by default 0 and 255} */
  public Range valueRange() {
    return valueRange;
  }

  /**
   * {@return this layer for pixels of other values}
   *
   * @throws ModelException if a bound is not finite, or the lower is above the upper
   */
  public RandomErasing valueRange(double lower, double upper) {
    Range range = Range.of(lower, upper);
    return changed(copy -> copy.valueRange = range);
  }

  @Override
  public Shape infer(List<Shape> inputs) {
    Shape in = image(inputs);
    require(
        fillValue.size() < 2 || fillValue.size() == in.size(-1),
        "an input of " + fillValue.size() + " channels, one for each fill value",
        in);
    return in;
  }
}
