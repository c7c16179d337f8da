package dev.tfgraphs.examples;

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
}
