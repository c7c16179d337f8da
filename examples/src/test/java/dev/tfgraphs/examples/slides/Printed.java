package dev.tfgraphs.examples.slides;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a program prints. */
final class Printed {
  private Printed() {}

  /** By a main method without arguments. */
  static String by(Consumer<String[]> main) {
    return by(() -> main.accept(new String[0]));
  }

  /** Progress bars aside, which go past {@code System.out}. */
  static String by(Runnable program) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      program.run();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
