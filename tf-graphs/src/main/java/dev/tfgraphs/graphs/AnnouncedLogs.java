package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A callback of which is known before training what it adds to the logs of an epoch. */
interface AnnouncedLogs extends Callback {
  default ImmutableSet<String> added() {
    return ImmutableSet.of();
  }

  /**
   * The names in the logs of an epoch that is judged when {@code callback} hears of it; empty if a
   * callback before it may have added others.
   */
  static Optional<SortedSet<String>> before(Fit fit, Callback callback) {
    SortedSet<String> names = new TreeSet<>(fit.names());
    for (Callback before : fit.callbacks()) {
      if (before == callback) {
        break;
      }
      if (!(before instanceof AnnouncedLogs announced)) {
        return Optional.empty();
      }
      names.addAll(announced.added());
    }
    return Optional.of(names);
  }
}
