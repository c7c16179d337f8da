package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * Headers and widths of a summary's table: Keras's shares of the line, narrowed as rich makes room
 * for the borders.
 */
final class SummaryColumns {
  private static final int NARROWEST = 4;

  private SummaryColumns() {}

  static ImmutableList<TextTable.Column> of(boolean chain, SummaryOptions options) {
    List<String> headers = new ArrayList<>(List.of("Layer (type)", "Output Shape", "Param #"));
    if (!chain) {
      headers.add("Connected to");
    }
    if (options.showTrainable()) {
      headers.add("Trainable");
    }
    int length = options.lineLength().orElseGet(() -> lineLength(chain, options));
    int[] widths = withBorders(shares(chain, options.showTrainable(), length), length);
    ImmutableList.Builder<TextTable.Column> columns = ImmutableList.builder();
    for (int i = 0; i < widths.length; i++) {
      columns.add(new TextTable.Column(headers.get(i), justify(headers.get(i)), widths[i]));
    }
    return columns.build();
  }

  private static int lineLength(boolean chain, SummaryOptions options) {
    int length = (chain ? 88 : 108) + (options.showTrainable() ? 12 : 0);
    return Math.min(length, options.columns().orElse(Integer.MAX_VALUE) - 4);
  }

  private static int[] shares(boolean chain, boolean showTrainable, int length) {
    List<Double> ends = chain ? List.of(0.45, 0.80, 1.0) : List.of(0.3, 0.56, 0.74, 1.0);
    int[] widths = new int[ends.size() + (showTrainable ? 1 : 0)];
    int begin = 0;
    for (int i = 0; i < widths.length; i++) {
      double end = i == ends.size() ? 1.0 : ends.get(i) * (showTrainable ? 0.90 : 1);
      widths[i] = (int) (end * length) - begin;
      begin += widths[i];
      if (widths[i] < NARROWEST) {
        throw tooNarrow(widths.length, length);
      }
    }
    return widths;
  }

  /** What is left for text: each column gives its part of what borders and blanks need. */
  private static int[] withBorders(int[] shares, int length) {
    int[] widths = shares.clone();
    int excess = 3 * shares.length + 1;
    for (int i = 0; i < widths.length; i++) {
      int part = (int) Math.rint((double) excess / (widths.length - i));
      excess -= part;
      widths[i] -= part;
      if (widths[i] < 1) {
        throw tooNarrow(widths.length, length);
      }
    }
    return widths;
  }

  private static ModelException tooNarrow(int columns, int length) {
    return new ModelException(
        "summary: expected a line wide enough for " + columns + " columns, received " + length);
  }

  private static TextTable.Justify justify(String header) {
    return switch (header) {
      case "Param #" -> TextTable.Justify.RIGHT;
      case "Trainable" -> TextTable.Justify.CENTER;
      default -> TextTable.Justify.LEFT;
    };
  }
}
