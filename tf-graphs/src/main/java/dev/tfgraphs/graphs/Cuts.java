package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.WeightSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * After which calls of a model a forward pass is cut, so that little needs to be kept of it. Calls
 * are counted in the order in which a {@link Pass} lowers them, those of nested models in their
 * places, inputs left out. Only what depends on weights that train counts: gradients go nowhere
 * else.
 */
final class Cuts {
  /** The call that made a value; {@link #NOTHING_LEARNED} where it needs no gradient. */
  private static final int NOTHING_LEARNED = -1;

  private final ImmutableSet<Layer> frozen;

  /** The calls that a penalty keeps the results of; gradients come together there. */
  private final Set<Integer> penalized = new HashSet<>();

  /** How many numbers each call makes of a sample, as far as the description knows. */
  private final List<Long> sizes = new ArrayList<>();

  /** The last call that uses the result of each. */
  private final List<Integer> lastUses = new ArrayList<>();

  /** Which calls change one result number by number, in next to no time. */
  private final List<Boolean> light = new ArrayList<>();

  private Cuts(ImmutableSet<Layer> frozen) {
    this.frozen = frozen;
  }

  /** The calls whose results are to be kept; none if keeping everything takes no more. */
  static ImmutableSet<Integer> of(Model model) {
    Cuts cuts = new Cuts(model.frozen());
    var unusedOutputs = cuts.walk(model, model.inputs().stream().map(i -> NOTHING_LEARNED).toList());
    ImmutableSet<Integer> best = cuts.best(cuts.narrow());
    return best.isEmpty() ? best : ImmutableSet.copyOf(Sets.union(best, cuts.penalized));
  }

  /** Counts the calls of {@code model}, given those that made its inputs. */
  private List<Integer> walk(Model model, List<Integer> inputs) {
    Map<Node, Integer> makers = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      makers.put(model.inputs().get(i), inputs.get(i));
    }
    for (Call call : model.calls()) {
      if (!(call.layer() instanceof Input)) {
        List<Integer> given = at(makers, call.inputs());
        List<Integer> made =
            call.layer() instanceof Model nested ? walk(nested, given) : List.of(count(call, given));
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
    int place = sizes.size();
    boolean learns =
        !frozen.contains(call.layer()) && call.weights().stream().anyMatch(WeightSpec::trainable);
    boolean learned = learns || inputs.stream().anyMatch(input -> input != NOTHING_LEARNED);
    inputs.stream()
        .filter(input -> input != NOTHING_LEARNED)
        .forEach(input -> lastUses.set(input, place));
    sizes.add(learned ? size(call.outputs().get(0).shape()) : 0);
    lastUses.add(NOTHING_LEARNED);
    light.add(isLight(call));
    if (learned && call.layer().activityRegularizer().isPresent()) {
      penalized.add(place);
    }
    return learned ? place : NOTHING_LEARNED;
  }

  /** An activation, a dropout or a batch normalization. */
  private static boolean isLight(Call call) {
    return call.inputs().size() == 1
        && call.inputs().get(0).shape().equals(call.outputs().get(0).shape())
        && call.weights().stream().allMatch(weight -> weight.shape().rank() <= 1);
  }

  private static long size(Shape shape) {
    long size = 1;
    for (int axis = 1; axis < shape.rank(); axis++) {
      size *= Math.max(1, shape.size(axis));
    }
    return size;
  }

  /**
   * The calls whose results alone are used behind them, of all that was learned before. Where a
   * light call alone uses one, behind that is the better place.
   */
  private List<Integer> narrow() {
    List<Integer> narrow = new ArrayList<>();
    int used = 0;
    for (int place = 0; place < sizes.size(); place++) {
      int last = lastUses.get(place);
      if (used <= place && last > place && !(last == place + 1 && light.get(last))) {
        narrow.add(place);
      }
      used = Math.max(used, last);
    }
    return narrow;
  }

  /**
   * Those of {@code places} with which the least is kept at once: their results, and all of the
   * largest part between them. Parts are as large as a share of the whole allows.
   */
  private ImmutableSet<Integer> best(List<Integer> places) {
    long whole = sum(0, sizes.size());
    ImmutableSet<Integer> best = ImmutableSet.of();
    long least = whole;
    for (int parts = 2; parts <= places.size() + 1; parts++) {
      NavigableSet<Integer> some = parted(places, whole / parts);
      long kept = kept(some);
      if (kept < least) {
        least = kept;
        best = ImmutableSortedSet.copyOf(some);
      }
    }
    return best;
  }

  /** The last of {@code places} before each part would grow over {@code limit}. */
  private NavigableSet<Integer> parted(List<Integer> places, long limit) {
    NavigableSet<Integer> some = new TreeSet<>();
    int begin = 0;
    for (int i = 0; i < places.size(); i++) {
      int end = i + 1 < places.size() ? places.get(i + 1) + 1 : sizes.size();
      if (sum(begin, end) > limit) {
        some.add(places.get(i));
        begin = places.get(i) + 1;
      }
    }
    return some;
  }

  private long kept(NavigableSet<Integer> cuts) {
    long kept = 0;
    long largest = 0;
    int begin = 0;
    for (int cut : cuts) {
      kept += sizes.get(cut);
      largest = Math.max(largest, sum(begin, cut + 1));
      begin = cut + 1;
    }
    return kept + Math.max(largest, sum(begin, sizes.size()));
  }

  private long sum(int begin, int end) {
    return sizes.subList(begin, end).stream().mapToLong(size -> size).sum();
  }
}
