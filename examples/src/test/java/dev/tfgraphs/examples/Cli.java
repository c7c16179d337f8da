package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs the command line inside the test, or beside it. */
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

  /** The same in a process of its own, not started yet, in a machine with these {@code options}. */
  static ProcessBuilder process(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  private static String lines(StringWriter text) {
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
