package dev.tfgraphs.applications;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.ops.ModelException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the one form of JSON that a class index has: an object of lists of two texts. */
final class ClassIndexReader {
  private static final String ESCAPED = "\"\\/bfnrt";
  private static final String MEANT = "\"\\/\b\f\n\r\t";
  private static final int HEXADECIMAL = 16;

  private final String where;
  private final String text;
  private int at;

  /**
   * A reader.
   *
   * @param where how errors call the text
   */
  ClassIndexReader(String where, String text) {
    this.where = where;
    this.text = text;
  }

  /** In order, every class from 0 once. */
  ImmutableList<ClassIndex.Entry> entries() {
    Map<String, ClassIndex.Entry> read = new HashMap<>();
    expect('{');
    do {
      String index = string();
      expect(':');
      if (read.put(index, entry()) != null) {
        throw new ModelException(
            where + ": expected every class once, received the class " + index + " twice");
      }
    } while (found(','));
    expect('}');
    if (skipped() < text.length()) {
      throw failure("the end");
    }
    return inOrder(read);
  }

  private ImmutableList<ClassIndex.Entry> inOrder(Map<String, ClassIndex.Entry> read) {
    ImmutableList.Builder<ClassIndex.Entry> entries = ImmutableList.builder();
    for (int i = 0; i < read.size(); i++) {
      ClassIndex.@Nullable Entry entry = read.get(Integer.toString(i));
      if (entry == null) {
        throw new ModelException(
            where
                + ": expected every class from 0 to "
                + (read.size() - 1)
                + ", received none for "
                + i);
      }
      entries.add(entry);
    }
    return entries.build();
  }

  private ClassIndex.Entry entry() {
    expect('[');
    String id = string();
    expect(',');
    String name = string();
    expect(']');
    return new ClassIndex.Entry(id, name);
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) >= ' ' && text.charAt(at) != '"') {
      char character = text.charAt(at);
      at++;
      string.append(character == '\\' ? escaped() : character);
    }
    if (at == text.length() || text.charAt(at) != '"') {
      throw failure("'\"'");
    }
    at++;
    return string.toString();
  }

  private char escaped() {
    if (at + 5 <= text.length() && text.charAt(at) == 'u') {
      int code = 0;
      for (int i = 1; i <= 4; i++) {
        code = HEXADECIMAL * code + digit(at + i);
      }
      at += 5;
      return (char) code;
    }
    int kind = at < text.length() ? ESCAPED.indexOf(text.charAt(at)) : -1;
    if (kind < 0) {
      throw failure("an escape of JSON");
    }
    at++;
    return MEANT.charAt(kind);
  }

  private int digit(int place) {
    int digit = Character.digit(text.charAt(place), HEXADECIMAL);
    if (digit < 0) {
      throw failure("an escape of JSON");
    }
    return digit;
  }

  private void expect(char wanted) {
    if (!found(wanted)) {
      throw failure("'" + wanted + "'");
    }
  }

  /** Goes on behind {@code wanted} if it comes next. */
  private boolean found(char wanted) {
    boolean found = skipped() < text.length() && text.charAt(at) == wanted;
    at += found ? 1 : 0;
    return found;
  }

  /** Where what is no space comes next. */
  private int skipped() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private ModelException failure(String expected) {
    String received =
        at == text.length()
            ? "the end"
            : "'" + text.substring(at, text.offsetByCodePoints(at, 1)) + "'";
    return new ModelException(
        "%s: expected %s at character %d, received %s".formatted(where, expected, at, received));
  }
}
