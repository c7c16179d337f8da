package dev.tfgraphs.pictures;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Finds what can be one box without an arrow that turns back, while boxes are joined. */
final class Convexity<T> {
  private final SetMultimap<T, T> successors = LinkedHashMultimap.create();
  private final SetMultimap<T, T> predecessors = LinkedHashMultimap.create();

  /** Adds an arrow. */
  void add(T from, T to) {
    successors.put(from, to);
    predecessors.put(to, from);
  }

  /** Whether no way leads out of {@code members} and back. */
  boolean isConvex(Collection<? extends T> members) {
    Set<T> inside = new HashSet<>(members);
    Deque<T> open = new ArrayDeque<>();
    Set<T> seen = new HashSet<>();
    inside.forEach(one -> successors.get(one).forEach(next -> visit(next, inside, seen, open)));
    while (!open.isEmpty()) {
      for (T next : successors.get(open.remove())) {
        if (inside.contains(next)) {
          return false;
        }
        visit(next, inside, seen, open);
      }
    }
    return true;
  }

  private void visit(T next, Set<T> inside, Set<T> seen, Deque<T> open) {
    if (!inside.contains(next) && seen.add(next)) {
      open.add(next);
    }
  }

  /** Whether one of them needs another directly. */
  boolean hasArrowWithin(Collection<? extends T> members) {
    Set<T> inside = new HashSet<>(members);
    return inside.stream().anyMatch(one -> successors.get(one).stream().anyMatch(inside::contains));
  }

  /** Makes {@code members} one, called {@code one}. */
  void join(Collection<? extends T> members, T one) {
    Set<T> inside = new HashSet<>(members);
    Set<T> before = new HashSet<>();
    Set<T> after = new HashSet<>();
    for (T member : inside) {
      before.addAll(predecessors.removeAll(member));
      after.addAll(successors.removeAll(member));
    }
    before.removeAll(inside);
    after.removeAll(inside);
    for (T other : before) {
      successors.get(other).removeAll(inside);
      add(other, one);
    }
    for (T other : after) {
      predecessors.get(other).removeAll(inside);
      add(one, other);
    }
  }
}
