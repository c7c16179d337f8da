package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What {@code doctor} found out about one thing.
 *
 * @param state whether all is well
 * @param subject what was looked at
 * @param text what was found
 * @param fixes what to do, if anything is to be done
 */
record Finding(State state, String subject, String text, ImmutableList<String> fixes) {
  /** How it is. */
  enum State {
    OK("OK"),
    /** It would be better with it. */
    MISSING("missing"),
    /** Nothing works without it. */
    BROKEN("broken");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding ok(String subject, String text) {
    return new Finding(State.OK, subject, text, ImmutableList.of());
  }

  static Finding missing(String subject, String text, List<String> fixes) {
    return new Finding(State.MISSING, subject, text, ImmutableList.copyOf(fixes));
  }

  static Finding broken(String subject, String text, String fix) {
    return new Finding(State.BROKEN, subject, text, ImmutableList.of(fix));
  }
}
