package dev.tfgraphs.pictures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Elements that lie straight below each other, and which of such chains is beside which. The first
 * is the longest way through the frame; the others are put beside it so that few lines cross.
 */
final class Chains {
  private static final int ROUNDS = 4;

  private final List<List<Element>> chains = new ArrayList<>();
  private final int[] chainOf;
  private final Crossings crossings;

  /** The chains from left to right. */
  private final List<Integer> order = new ArrayList<>();

  Chains(Rows rows) {
    chainOf = new int[rows.all().size()];
    Arrays.fill(chainOf, -1);
    List<Element> byRow = new ArrayList<>(rows.all());
    byRow.sort(Comparator.comparingInt((Element element) -> element.row));
    chain(byRow);
    crossings = new Crossings(chains, chainOf, rows.count());
    arrange();
  }

  /** Takes the longest chain first, then from above what is left. */
  private void chain(List<Element> byRow) {
    int[] below = new int[chainOf.length];
    for (int i = byRow.size() - 1; i >= 0; i--) {
      Element element = byRow.get(i);
      int longest = element.next.stream().mapToInt(next -> below[next.index]).max().orElse(0);
      below[element.index] = longest + (element.isBox() ? 1 : 0);
    }
    byRow.stream()
        .max(
            Comparator.comparingInt((Element element) -> below[element.index])
                .thenComparing(Comparator.comparingInt((Element element) -> element.row).reversed())
                .thenComparing(
                    Comparator.comparingInt((Element element) -> element.index).reversed()))
        .ifPresent(first -> addFrom(first, below));
    byRow.stream()
        .filter(element -> chainOf[element.index] < 0)
        .forEachOrdered(
            element -> {
              if (chainOf[element.index] < 0) {
                addFrom(element, below);
              }
            });
  }

  private void addFrom(Element first, int[] below) {
    List<Element> chain = new ArrayList<>();
    Element element = first;
    boolean more = true;
    while (more) {
      chainOf[element.index] = chains.size();
      chain.add(element);
      List<Element> free = element.next.stream().filter(next -> chainOf[next.index] < 0).toList();
      more = !free.isEmpty();
      if (more) {
        element =
            free.stream()
                .max(
                    Comparator.comparingInt((Element next) -> below[next.index])
                        .thenComparing(
                            Comparator.comparingInt((Element next) -> next.index).reversed()))
                .orElseThrow();
      }
    }
    chains.add(chain);
  }

  /** Puts short chains near, and moves each where it crosses least until none moves. */
  private void arrange() {
    if (chains.isEmpty()) {
      return;
    }
    order.add(0);
    List<Integer> others = new ArrayList<>();
    for (int chain = 1; chain < chains.size(); chain++) {
      others.add(chain);
    }
    others.sort(Comparator.comparingInt(chain -> chains.get(chain).size()));
    others.forEach(this::insert);
    List<Integer> before = List.of();
    for (int round = 0; round < ROUNDS && !before.equals(order); round++) {
      before = List.copyOf(order);
      for (int chain : others) {
        order.remove(Integer.valueOf(chain));
        insert(chain);
      }
    }
  }

  private void insert(int chain) {
    double[] place = new double[chains.size()];
    Arrays.fill(place, Double.NaN);
    for (int i = 0; i < order.size(); i++) {
      place[order.get(i)] = i;
    }
    int best = order.size();
    double least = Double.POSITIVE_INFINITY;
    for (int at : candidates(chain)) {
      place[chain] = at - 0.5;
      double cost = crossings.cost(chain, place);
      if (cost < least - 1e-9) {
        least = cost;
        best = at;
      }
    }
    order.add(best, chain);
  }

  /** The places beside the chains that share rows with this one, those at the right first. */
  private List<Integer> candidates(int chain) {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      if (crossings.meet(chain, order.get(i))) {
        if (candidates.isEmpty()) {
          candidates.add(i);
        }
        candidates.add(i + 1);
      }
    }
    if (candidates.isEmpty()) {
      candidates.add(order.size());
    }
    Collections.reverse(candidates);
    return candidates;
  }

  List<List<Element>> chains() {
    return chains;
  }

  /** The chains from left to right. */
  List<Integer> order() {
    return order;
  }

  /** How many lines go from one chain to another below a row. */
  int transfers(int row) {
    return crossings.transfers(row);
  }
}
