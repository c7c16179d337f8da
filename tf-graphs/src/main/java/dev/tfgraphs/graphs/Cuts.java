package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * After which calls of a model a forward pass is cut, so that little needs to be kept of it. Calls
 * are counted in the order in which a {@link Pass} lowers them, those of nested models in their
 * places, inputs left out. Only what depends on weights that train counts: gradients go nowhere
 * else.
 */
final class Cuts {
  /**
   * What a call makes.
   *
   * @param size how many numbers of a sample that gradients may need, as far as the description
   *     knows
   * @param light whether it changes one result number by number, in next to no time
   * @param penalized whether the loss has a term for it
   */
  private record Step(long size, boolean light, boolean penalized) {}

  /** Stands for the call that made a value of which no gradient is needed. */
  private static final int NOTHING_LEARNED = -1;

  private final ImmutableSet<Layer> frozen;
  private final List<Step> steps = new ArrayList<>();

  /** The last call that uses the result of each. */
  private final List<Integer> lastUses = new ArrayList<>();

  private Cuts(ImmutableSet<Layer> frozen) {
    this.frozen = frozen;
  }

  /**
   * The calls whose results are to be kept; none if keeping everything takes no more. Results with
   * a penalty are among them, so that what comes from the penalty and from the layers behind is
   * added up as where nothing is cut.
   */
  static ImmutableSet<Integer> of(Model model) {
    Cuts cuts = new Cuts(model.frozen());
    var unusedOutputs =
        cuts.walk(model, Collections.nCopies(model.inputs().size(), NOTHING_LEARNED));
    NavigableSet<Integer> best = cuts.best(cuts.narrow());
    if (!best.isEmpty()) {
      IntStream.range(0, cuts.steps.size())
          .filter(place -> cuts.steps.get(place).penalized)
          .forEach(best::add);
    }
    return ImmutableSortedSet.copyOf(best);
  }

  /** Counts the calls of {@code model}; the calls that made its inputs and outputs. */
  private List<Integer> walk(Model model, List<Integer> inputs) {
    Map<Node, Integer> makers = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      makers.put(model.inputs().get(i), inputs.get(i));
    }
    for (Call call : model.calls()) {
      if (!(call.layer() instanceof Input)) {
        List<Integer> given = at(makers, call.inputs());
        List<Integer> made =
            call.layer() instanceof Model nested
                ? walk(nested, given)
                : List.of(count(call, given));
        for (int i = 0; i < made.size(); i++) {
          makers.put(call.outputs().get(i), made.get(i));
        }
      }
    }
    return at(makers, model.outputs());
  }

  private static List<Integer> at(Map<Node, Integer> makers, List<Node> nodes) {
    return nodes.stream().map(node -> Objects.requireNonNull(makers.get(node))).toList();
  }

  private int count(Call call, List<Integer> inputs) {
    int place = steps.size();
    List<Integer> learnedInputs =
        inputs.stream().filter(input -> input != NOTHING_LEARNED).toList();
    learnedInputs.forEach(input -> lastUses.set(input, place));
    boolean learns =
        !frozen.contains(call.layer()) && call.weights().stream().anyMatch(WeightSpec::trainable);
    boolean learned = learns || !learnedInputs.isEmpty();
    long size = learned ? size(call.outputs().get(0).shape()) : 0;
    boolean penalized = learned && call.layer().activityRegularizer().isPresent();
    steps.add(new Step(size, isLight(call), penalized));
    lastUses.add(place);
    return learned ? place : NOTHING_LEARNED;
  }

  private static long size(Shape shape) {
    return IntStream.range(1, shape.rank())
        .mapToLong(axis -> Math.max(1, shape.size(axis)))
        .reduce(1, (a, b) -> a * b);
  }

  /** An activation, a dropout or a batch normalization. */
  private static boolean isLight(Call call) {
    return call.inputs().size() == 1
        && call.inputs().get(0).shape().equals(call.outputs().get(0).shape())
        && call.weights().stream().allMatch(weight -> weight.shape().rank() <= 1);
  }

  /**
   * The calls whose results alone are used behind them, of all that was learned before. Where a
   * light call alone uses one, behind that is the better place.
   */
  private List<Integer> narrow() {
    List<Integer> narrow = new ArrayList<>();
    int used = 0;
    for (int place = 0; place < steps.size(); place++) {
      int last = lastUses.get(place);
      boolean onlyLight = last == place + 1 && steps.get(last).light;
      if (used <= place && last > place && !onlyLight) {
        narrow.add(place);
      }
      used = Math.max(used, last);
    }
    return narrow;
  }

  /**
   * Those of {@code places} with which the least is kept at once: their results, and all of the
   * largest part between them. Parts grow up to a share of the whole.
   */
  private NavigableSet<Integer> best(List<Integer> places) {
    NavigableSet<Integer> best = new TreeSet<>();
    long whole = kept(best);
    for (int parts = 2; parts <= places.size() + 1; parts++) {
      NavigableSet<Integer> some = parted(places, whole / parts);
      if (kept(some) < kept(best)) {
        best = some;
      }
    }
    return best;
  }

  /** The last of {@code places} before each part would grow over {@code limit}. */
  private NavigableSet<Integer> parted(List<Integer> places, long limit) {
    NavigableSet<Integer> some = new TreeSet<>();
    int begin = 0;
    for (int i = 0; i < places.size(); i++) {
      int behind = places.get(i) + 1;
      int end = i + 1 < places.size() ? places.get(i + 1) + 1 : steps.size();
      if (size(begin, end) > limit) {
        some.add(places.get(i));
        begin = behind;
      }
    }
    return some;
  }

  private long kept(NavigableSet<Integer> cuts) {
    long kept = 0;
    long largest = 0;
    int begin = 0;
    for (int cut : cuts) {
      kept += steps.get(cut).size;
      largest = Math.max(largest, size(begin, cut + 1));
      begin = cut + 1;
    }
    return kept + Math.max(largest, size(begin, steps.size()));
  }

  private long size(int begin, int end) {
    return steps.subList(begin, end).stream().mapToLong(Step::size).sum();
  }
}
