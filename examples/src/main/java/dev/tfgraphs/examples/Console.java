package dev.tfgraphs.examples;

import com.google.errorprone.annotations.FormatMethod;
import dev.tfgraphs.graphs.Terminal;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where a command that trains speaks.
 *
 * @param command its name
 * @param out takes results and details
 * @param err takes what goes wrong
 * @param quiet whether details are left out
 */
record Console(String command, PrintWriter out, PrintWriter err, boolean quiet) {
  /** This console without details. */
  Console silent() {
    return new Console(command, out, err, true);
  }

  /** Says what came of the training. */
  @FormatMethod
  void result(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }

  /** Says what is being done. */
  @FormatMethod
  void detail(String format, Object... values) {
    if (!quiet) {
      out.println(String.format(Locale.ROOT, format, values));
    }
  }

  /** Says what could not be done, or not to its end. */
  void problem(String what) {
    err.println("tfgraphs " + command + ": " + what);
  }

  /** Says that a wish to stop was heard. */
  void stopping() {
    problem("stopping after this step to write what is done; Ctrl-C again ends at once");
  }

  /** Says how far a training came that was to end earlier. */
  void interrupted(int finished, int epochs) {
    result(
        "Interrupted: %d of %d epochs finished; the model is that of the last step.",
        finished, epochs);
  }

  /** Leaves the line of a progress bar that stays unfinished. */
  void endLine() {
    if (Terminal.isTerminal()) {
      detail("");
    }
  }

  /** {@code 1 class}, {@code 2 classes}. */
  static String counted(long count, String what) {
    String plural = what.endsWith("s") ? what + "es" : what + "s";
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? what : plural);
  }
}
