package dev.tfgraphs.graphs;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A number in the logs that a callback acts on, and when it has become better
 * (keras/src/callbacks/monitor_callback.py).
 *
 * @param name what it is called in the logs
 * @param rises whether it gets better as it rises; empty to follow from the metric
 * @param minDelta by how much it must change to count as better
 */
record Monitor(String name, Optional<Boolean> rises, double minDelta) {
  /** How names of what is measured on validation data begin. */
  private static final String VALIDATION = "val_";

  static Monitor on(String name) {
    return new Monitor(name, Optional.empty(), 0);
  }

  Monitor named(String name) {
    return new Monitor(name, rises, minDelta);
  }

  Monitor rising(boolean rises) {
    return new Monitor(name, Optional.of(rises), minDelta);
  }

  Monitor minDelta(double delta) {
    return new Monitor(name, rises, Math.abs(delta));
  }

  /**
   * Fails, before training where that can be known, when there is no such number or no way to tell
   * which is better; this monitor with its direction.
   */
  Monitor resolve(String who, Fit fit, Callback callback) {
    AnnouncedLogs.before(fit, callback)
        .filter(names -> !names.contains(name))
        .ifPresent(
            names -> {
              throw missing(who, names);
            });
    return rises.isPresent() ? this : rising(direction(who, fit));
  }

  private boolean direction(String who, Fit fit) {
    String metric = name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name;
    if (metric.equals("loss")) {
      return false;
    }
    return fit.trainer()
        .graph()
        .rises(metric)
        .orElseThrow(
            () ->
                new GraphException(
                    "%s: expected min() or max() for '%s', which is no metric, received neither"
                        .formatted(who, name)));
  }

  /** The value in the logs of an epoch; empty in an epoch that is not judged. */
  OptionalDouble value(String who, Fit fit) {
    Scores logs = fit.logs();
    if (logs.has(name)) {
      return OptionalDouble.of(logs.get(name));
    }
    if (name.startsWith(VALIDATION) && fit.names().contains(name)) {
      return OptionalDouble.empty();
    }
    throw missing(who, logs.asMap().keySet());
  }

  private GraphException missing(String who, Set<String> names) {
    boolean unvalidated =
        name.startsWith(VALIDATION) && names.stream().noneMatch(any -> any.startsWith(VALIDATION));
    return new GraphException(
        "%s: expected to monitor one of %s, received '%s'%s"
            .formatted(
                who, names, name, unvalidated ? "; FitOptions.validation(data) makes such" : ""));
  }

  /** Whether {@code value} is better than {@code reference}, as anything is than nothing. */
  boolean improves(double value, OptionalDouble reference) {
    if (reference.isEmpty()) {
      return true;
    }
    // Keras compares as float32
    float best = (float) reference.getAsDouble();
    return rises.orElseThrow()
        ? (float) (value - minDelta) > best
        : (float) (value + minDelta) < best;
  }
}
