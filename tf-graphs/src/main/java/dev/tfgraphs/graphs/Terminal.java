package dev.tfgraphs.graphs;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The standard output that progress is printed to. */
public final class Terminal {
  /** Set to say whether standard output is a terminal, for launchers that know. */
  private static final String PROPERTY = "tfgraphs.terminal";

  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private Terminal() {}

  static PrintStream out() {
    return OUT;
  }

  /** {@return whether standard output is a terminal and no file or pipe} */
  public static boolean isTerminal() {
    String told = System.getProperty(PROPERTY);
    return told != null ? Boolean.parseBoolean(told) : isInteractive(System.console());
  }

  /** From JDK 22 on there is a console even for files and pipes, and a method that tells. */
  private static boolean isInteractive(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }
}
