package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** Runs the command line inside the test. */
final class Cli {
  /** What a command printed, and the number it ended with. */
  record Outcome(int code, String out, String err) {
    /** Fails unless the command did what it was asked for and complained of nothing. */
    Outcome succeeded() {
      assertEquals("", err);
      assertEquals(0, code);
      return this;
    }
  }

  private Cli() {}

  static Outcome run(Object... arguments) {
    return run(new Interrupt(), arguments);
  }

  static Outcome run(Interrupt interrupt, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine(interrupt, new PrintWriter(out, true), new PrintWriter(err, true))
            .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(code, lines(out), lines(err));
  }

  private static String lines(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
