package dev.tfgraphs.ops;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a summary looks. As in Keras, a table is 88 characters wide, 108 when the layers are no
 * simple chain, and 12 more with the column {@code Trainable}.
 *
 * @param lineLength how wide the table is instead
 * @param columns how wide the terminal is: a table without a line length of its own stays 4
 *     narrower. Keras counts 80 when it writes to a file or a pipe; without a number nothing
 *     narrows the table
 * @param expandNested whether the layers of nested models are listed too
 * @param showTrainable whether a column says which layers train
 * @param layerRange which of the layers are listed; the counts below are always of all
 */
@CheckReturnValue
public record SummaryOptions(
    OptionalInt lineLength,
    OptionalInt columns,
    boolean expandNested,
    boolean showTrainable,
    Optional<LayerRange> layerRange) {

  /**
   * The layers from one to another, both included.
   *
   * @param first a regular expression that the beginning of the first layer's name matches
   * @param last a regular expression that the beginning of the last layer's name matches
   */
  public record LayerRange(String first, String last) {}

  /** {@return Keras's defaults} */
  public static SummaryOptions defaults() {
    return new SummaryOptions(
        OptionalInt.empty(), OptionalInt.empty(), false, false, Optional.empty());
  }

  /** {@return these options with a table {@code length} characters wide} */
  public SummaryOptions lineLength(int length) {
    return new SummaryOptions(
        OptionalInt.of(length), columns, expandNested, showTrainable, layerRange);
  }

  /** {@return these options for a terminal {@code width} characters wide} */
  public SummaryOptions columns(int width) {
    return new SummaryOptions(
        lineLength, OptionalInt.of(width), expandNested, showTrainable, layerRange);
  }

  /** {@return these options with or without the layers of nested models} */
  public SummaryOptions expandNested(boolean expand) {
    return new SummaryOptions(lineLength, columns, expand, showTrainable, layerRange);
  }

  /** {@return these options with or without the column that says which layers train} */
  public SummaryOptions showTrainable(boolean show) {
    return new SummaryOptions(lineLength, columns, expandNested, show, layerRange);
  }

  /** {@return these options with only the layers from {@code first} to {@code last}} */
  public SummaryOptions layerRange(String first, String last) {
    return new SummaryOptions(
        lineLength, columns, expandNested, showTrainable, Optional.of(new LayerRange(first, last)));
  }
}
