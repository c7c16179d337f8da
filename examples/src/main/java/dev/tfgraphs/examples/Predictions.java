package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code predict} says and writes of predictions. */
final class Predictions {
  private static final int SHOWN = 3;

  private Predictions() {}

  /** A line for each row of {@code (count, classes)}: its name and its largest classes. */
  static List<String> lines(List<String> names, HostTensor rows, ImmutableList<String> classNames) {
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                String.format(Locale.ROOT, "%-" + width + "s", names.get(i))
                    + "  "
                    + largest(rows.row(i), classNames))
        .toList();
  }

  /** Probabilities in percent; other numbers, such as logits, as they are. */
  private static String largest(HostTensor row, ImmutableList<String> classNames) {
    float[] values = row.values();
    boolean percent = Tensors.areProbabilities(values);
    String format = percent ? "%s %5.1f %%" : "%s %.4f";
    float scale = percent ? 100 : 1;
    return Tensors.largest(values, SHOWN).stream()
        .map(
            i ->
                String.format(
                    Locale.ROOT,
                    format,
                    i < classNames.size() ? classNames.get(i) : "class " + i,
                    scale * values[i]))
        .collect(Collectors.joining("   "));
  }

  /** Writes them all: of one output a .npy, of several a .npz with an array for each. */
  static void write(OutputFile file, ModelFile model, List<HostTensor> outputs) {
    if (outputs.size() == 1) {
      file.write(fresh -> Npy.write(fresh, outputs.get(0)));
      return;
    }
    ImmutableMap.Builder<String, HostTensor> byName = ImmutableMap.builder();
    List<SignatureTensor> names = model.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      byName.put(names.get(i).name(), outputs.get(i));
    }
    file.write(fresh -> Npz.write(fresh, byName.buildOrThrow()));
  }
}
