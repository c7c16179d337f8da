package dev.tfgraphs.examples;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Writes control characters in texts as Java writes them, <code>&#92;u001B</code>: what is printed
 * quotes files and names, and a terminal would do what their characters tell it. Ends of lines and
 * tabs stay, and so does a carriage return that is written by itself: the program's own, which
 * takes a line of progress back to its start.
 */
final class VisibleControls extends FilterWriter {
  private VisibleControls(Writer out) {
    super(out);
  }

  /** A writer that flushes after each line. */
  static PrintWriter of(Writer out) {
    return new PrintWriter(new VisibleControls(out), true);
  }

  @Override
  public void write(int c) throws IOException {
    if (c == '\r') {
      out.write(c);
    } else {
      write(Character.toString((char) c), 0, 1);
    }
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    write(new String(text, from, count), 0, count);
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    StringBuilder visible = new StringBuilder(count);
    for (int i = from; i < from + count; i++) {
      char c = text.charAt(i);
      boolean endsLine = c == '\n' || (c == '\r' && text.startsWith("\n", i + 1));
      if (Character.isISOControl(c) && c != '\t' && !endsLine) {
        visible.append("\\u%04X".formatted((int) c));
      } else {
        visible.append(c);
      }
    }
    out.write(visible.toString());
  }
}
