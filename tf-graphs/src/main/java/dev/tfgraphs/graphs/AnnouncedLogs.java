package dev.tfgraphs.graphs;

import com.google.common.collect.ImmutableSet;

/** A callback of which is known before training what it adds to the logs of an epoch. */
interface AnnouncedLogs extends Callback {
  default ImmutableSet<String> added() {
    return ImmutableSet.of();
  }
}
