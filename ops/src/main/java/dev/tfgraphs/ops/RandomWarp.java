package dev.tfgraphs.ops;

/**
 * What moves the pixels of each image at random, and looks beyond its edge where it has to.
 *
 * @param <L> the kind of layer, which every setting returns
 */
public abstract sealed class RandomWarp<L extends RandomWarp<L>> extends RandomImageLayer<L>
    permits RandomRotation, RandomTranslation, RandomZoom {
  private FillMode fillMode = FillMode.REFLECT;
  private double fillValue;
  private Interpolation interpolation = Interpolation.BILINEAR;

  static <L extends RandomWarp<L>> Settings<L> warping(Settings<L> settings) {
    return seeded(
        settings
            .with(
                "fill_mode",
                Form.choice(FillMode.class),
                its -> its.fillMode(),
                (layer, mode) -> layer.fillMode(mode))
            .with(
                "fill_value",
                Form.NUMBER,
                its -> its.fillValue(),
                (layer, value) -> layer.fillValue(value))
            .with(
                "interpolation",
                Forms.INTERPOLATION,
                its -> its.interpolation(),
                (layer, way) -> layer.interpolation(way)));
  }

  RandomWarp() {}

  /** {@return what is seen beyond the edge; by default the image in a mirror} */
  public final FillMode fillMode() {
    return fillMode;
  }

  /** {@return this layer with something else beyond the edge} */
  public final L fillMode(FillMode fillMode) {
    return changed(copy -> ((RandomWarp<?>) copy).fillMode = fillMode);
  }

  /** {@return what {@link FillMode#CONSTANT} shows beyond the edge; by default 0} */
  public final double fillValue() {
    return fillValue;
  }

  /**
   * {@return this layer with another number beyond the edge}
   *
   * @throws ModelException if it is not finite
   */
  public final L fillValue(double fillValue) {
    require(Double.isFinite(fillValue), "a finite fill value", fillValue);
    return changed(copy -> ((RandomWarp<?>) copy).fillValue = fillValue);
  }

  /** {@return how pixels between pixels get their values; by default bilinear} */
  public final Interpolation interpolation() {
    return interpolation;
  }

  /**
   * {@return this layer with another interpolation}
   *
   * @throws ModelException if it is neither the nearest pixel nor bilinear
   */
  public final L interpolation(Interpolation interpolation) {
    requireNearby(interpolation);
    return changed(copy -> ((RandomWarp<?>) copy).interpolation = interpolation);
  }
}
