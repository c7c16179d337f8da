package dev.tfgraphs.pictures;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The names of layers below an axis: where all have no room, those of blocks and stages, which
 * names begin with, {@code conv2_block1}; where names tell none, some.
 */
final class LayerLabels {
  /** A name and the first and last of the places that it stands for. */
  record Label(String text, int first, int last) {
    double middle() {
      return (first + last + 1) / 2.0;
    }
  }

  private static final Splitter PARTS = Splitter.on('_');

  private LayerLabels() {}

  /**
   * Labels of places, at most so many.
   *
   * @param layers the layer of each place; neighbours of one layer share their label
   */
  static List<Label> of(List<String> layers, int most) {
    List<Label> all = runs(layers, layer -> layer);
    if (all.size() <= most) {
      return all;
    }
    for (int parts = 2; parts > 0; parts--) {
      int kept = parts;
      List<Label> groups = runs(layers, layer -> begin(layer, kept));
      // where layers of several kinds alternate, groups are none
      if (groups.size() <= most && groups.size() > 2) {
        return groups;
      }
    }
    List<Label> some = new ArrayList<>();
    int step = (all.size() + most - 1) / most;
    for (int i = 0; i < all.size(); i += step) {
      some.add(all.get(i));
    }
    return some;
  }

  private static List<Label> runs(List<String> layers, UnaryOperator<String> name) {
    List<Label> runs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      String text = name.apply(layers.get(i));
      Label last = runs.isEmpty() ? new Label("", 0, -1) : runs.get(runs.size() - 1);
      if (last.text().equals(text)) {
        runs.set(runs.size() - 1, new Label(text, last.first(), i));
      } else {
        runs.add(new Label(text, i, i));
      }
    }
    return runs;
  }

  private static String begin(String layer, int parts) {
    return String.join("_", PARTS.splitToStream(layer).limit(parts).toList());
  }
}
