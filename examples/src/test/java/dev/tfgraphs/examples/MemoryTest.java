package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class MemoryTest {
  /** A command that asks for more than there is. */
  @Command(name = "full")
  private static final class Full implements Runnable {
    @Override
    public void run() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void aCommandThatNeedsMoreMemoryIsToldInALine() {
    StringWriter err = new StringWriter();
    PrintWriter unused = new PrintWriter(new StringWriter());
    int code =
        Main.commandLine(new Interrupt(), unused, unused)
            .addSubcommand(new Full())
            .setErr(new PrintWriter(err, true))
            .execute("full");
    assertEquals(
        "tfgraphs full: unexpected failure: Java's memory does not hold this (Java heap space);"
            + " give it more with JAVA_OPTS=-Xmx8g, for example, or ask for less at once; run again"
            + " with --verbose for the stack trace",
        err.toString().strip());
    assertEquals(Main.FAILED, code);
  }
}
