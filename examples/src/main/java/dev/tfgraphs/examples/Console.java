package dev.tfgraphs.examples;

import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where {@code train} speaks.
 *
 * @param out takes results and details
 * @param err takes what goes wrong
 * @param quiet whether details are left out
 */
record Console(PrintWriter out, PrintWriter err, boolean quiet) {
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
    err.println("tfgraphs train: " + what);
  }
}
