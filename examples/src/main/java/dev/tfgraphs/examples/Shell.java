package dev.tfgraphs.examples;

import java.util.Map;
import java.util.stream.Collectors;

/** What to type into a shell. */
final class Shell {
  /** Set by the launcher to how it was called. */
  private static final String LAUNCHER = "tfgraphs.launcher";

  private static final String USUAL = "./tfgraphs";

  /** {@link #launcher} for picocli's help texts. */
  static final String LAUNCHED = "${sys:" + LAUNCHER + ":-" + USUAL + "}";

  private Shell() {}

  /** This program as it was called, to be pasted. */
  static String launcher() {
    return quoted(System.getProperty(LAUNCHER, USUAL));
  }

  /** A word as a POSIX shell takes it. */
  static String quoted(String word) {
    return word.matches("[\\w.,/+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * A call of one of this program's commands.
   *
   * @param name of the command, with the words that go before options
   * @param options by their names; those whose value is true take none
   */
  static String command(String name, Map<String, ?> options) {
    return launcher()
        + " "
        + name
        + options.entrySet().stream().map(Shell::option).collect(Collectors.joining());
  }

  private static String option(Map.Entry<String, ?> option) {
    String value = option.getValue().toString();
    return " --" + option.getKey() + (value.equals("true") ? "" : " " + quoted(value));
  }
}
