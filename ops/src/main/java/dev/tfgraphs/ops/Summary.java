package dev.tfgraphs.ops;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model's table of layers and its counts, as Keras prints them
 * (keras/src/utils/summary_utils.py).
 */
final class Summary {
  private static final int BYTES_PER_PARAMETER = Float.BYTES;
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB", "PB");

  private final Model model;
  private final SummaryOptions options;
  private final ImmutableListMultimap<Layer, Call> calls;
  private final ImmutableSet<Call> own;
  private final boolean chain;

  private Summary(Model model, SummaryOptions options) {
    this.model = model;
    this.options = options;
    Set<Call> all = new LinkedHashSet<>();
    addCalls(model, all);
    this.calls =
        all.stream()
            .sorted(Comparator.comparingLong(Call::order))
            .collect(ImmutableListMultimap.toImmutableListMultimap(Call::layer, call -> call));
    this.own = ImmutableSet.copyOf(model.calls());
    this.chain = isChain(model.calls());
  }

  /** The text, without a line break at its end. */
  static String of(Model model, SummaryOptions options) {
    return new Summary(model, options).text();
  }

  private static void addCalls(Model model, Set<Call> all) {
    for (Call call : model.calls()) {
      if (all.add(call) && call.layer() instanceof Model nested) {
        addCalls(nested, all);
      }
    }
  }

  private static boolean isChain(List<Call> calls) {
    boolean chain = calls.get(0).inputs().isEmpty();
    for (int i = 1; chain && i < calls.size(); i++) {
      List<Node> inputs = calls.get(i).inputs();
      chain = inputs.size() == 1 && inputs.get(0).call() == calls.get(i - 1);
    }
    return chain && calls.size() == calls.stream().map(Call::layer).distinct().count();
  }

  private String text() {
    List<String> lines = new ArrayList<>(plain("Model: \"" + Names.ofModel(model) + "\""));
    List<List<String>> rows = new ArrayList<>();
    listed().forEach(layer -> addRows(model, layer, 0, rows));
    int visible = options.columns().orElse(Integer.MAX_VALUE);
    for (String line : new TextTable(SummaryColumns.of(chain, options)).lines(rows)) {
      lines.add(line.substring(0, Math.min(line.length(), visible)));
    }
    long trained = count(true);
    long kept = count(false);
    lines.addAll(plain(" Total params: " + sized(trained + kept)));
    lines.addAll(plain(" Trainable params: " + sized(trained)));
    lines.addAll(plain(" Non-trainable params: " + sized(kept)));
    return String.join("\n", lines);
  }

  private List<String> plain(String text) {
    return TextTable.wrap(text, options.columns().orElse(Integer.MAX_VALUE), true);
  }

  private List<Layer> listed() {
    List<Layer> layers = shown(model);
    if (options.layerRange().isEmpty()) {
      return layers;
    }
    SummaryOptions.LayerRange range = options.layerRange().get();
    int[] first = matching(range.first());
    int[] last = matching(range.last());
    if (first.length == 0 || last.length == 0) {
      throw model.expected(
          "a range between names of layers", range.first() + " to " + range.last());
    }
    int firstBegin = first[0];
    int lastEnd = last[last.length - 1];
    return firstBegin > lastEnd
        ? layers.subList(last[0], first[first.length - 1] + 1)
        : layers.subList(firstBegin, lastEnd + 1);
  }

  /** A sequential model's input is none of its layers in Keras. */
  private static List<Layer> shown(Model model) {
    return model.isSequential()
        ? model.layers().stream().filter(layer -> !(layer instanceof Input)).toList()
        : model.layers();
  }

  private int[] matching(String expression) {
    Pattern pattern = Pattern.compile(expression);
    List<Layer> layers = shown(model);
    return IntStream.range(0, layers.size())
        .filter(i -> pattern.matcher(model.nameOf(layers.get(i))).lookingAt())
        .toArray();
  }

  private void addRows(Model owner, Layer layer, int level, List<List<String>> rows) {
    String branch = level == 0 ? "" : "   ".repeat(level) + "└ ";
    List<String> row = new ArrayList<>();
    row.add(branch + owner.nameOf(layer) + " (" + layer.className() + ")");
    row.add(shape(layer));
    long parameters = parameters(layer);
    row.add(grouped(parameters));
    if (!chain) {
      row.add(connections(layer));
    }
    if (options.showTrainable()) {
      row.add(parameters == 0 ? "-" : isFrozen(layer) ? "N" : "Y");
    }
    rows.add(row);
    if (options.expandNested() && layer instanceof Model nested) {
      shown(nested).forEach(inner -> addRows(nested, inner, level + 1, rows));
    }
  }

  private String shape(Layer layer) {
    ImmutableList<Call> all = calls.get(layer);
    List<Node> outputs = all.get(all.size() - 1).outputs();
    String shapes =
        outputs.stream().map(node -> shape(node.shape())).collect(Collectors.joining(", "));
    return outputs.size() == 1 ? shapes : "[" + shapes + "]";
  }

  /** Unlike Python, a summary has no comma behind a single size. */
  private static String shape(Shape shape) {
    return shape.toString().replace(",)", ")");
  }

  private long parameters(Layer layer) {
    return layer instanceof Model nested
        ? nested.parameters()
        : calls.get(layer).get(0).weights().stream()
            .mapToLong(spec -> spec.shape().elements())
            .sum();
  }

  private boolean isFrozen(Layer layer) {
    return layer instanceof Model nested
        ? model.frozen().containsAll(nested.freezable())
        : model.frozen().contains(layer);
  }

  /**
   * Where the inputs come from: the layer, which of its calls, which of the call's outputs. Only
   * calls of this model count.
   */
  private String connections(Layer layer) {
    String connections =
        calls.get(layer).stream()
            .filter(own::contains)
            .flatMap(call -> call.inputs().stream())
            .map(this::place)
            .collect(Collectors.joining(", "));
    return connections.isEmpty() ? "-" : connections;
  }

  private String place(Node node) {
    int call = calls.get(node.layer()).indexOf(node.call());
    return model.nameOf(node.layer()) + "[" + call + "][" + node.index() + "]";
  }

  private long count(boolean trainable) {
    return model.weights().stream()
        .filter(weight -> weight.trainable() == trainable)
        .mapToLong(weight -> weight.spec().shape().elements())
        .sum();
  }

  private static String sized(long parameters) {
    double size = (double) parameters * BYTES_PER_PARAMETER;
    int unit = 0;
    while (size >= 1024 && unit < UNITS.size() - 1) {
      size /= 1024;
      unit++;
    }
    // Python rounds ties to even; Java's formats do not
    BigDecimal rounded = new BigDecimal(size).setScale(2, RoundingMode.HALF_EVEN);
    return grouped(parameters) + " (" + rounded.toPlainString() + " " + UNITS.get(unit) + ")";
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
