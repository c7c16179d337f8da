package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleControlsTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = VisibleControls.of(written);

  @ParameterizedTest
  @CsvSource({
    "7, \\u0007",
    "0, \\u0000",
    "8, \\u0008",
    "13, \\u000D",
    "27, \\u001B",
    "127, \\u007F",
    "155, \\u009B"
  })
  void controlCharactersBecomeTheirNumbers(int control, String shown) {
    String text = "a" + Character.toString(control) + "b";
    out.print(text);
    out.write(text.toCharArray(), 1, 1);
    assertEquals("a" + shown + "b" + shown, written.toString());
  }

  @Test
  void otherTextStays() {
    out.print("a\tb\nc\r\nd \u00e9 \ud83d\ude00");
    out.print('x');
    out.print('\u0007');
    assertEquals("a\tb\nc\r\nd \u00e9 \ud83d\ude00x\\u0007", written.toString());
  }

  @Test
  void aLineEndsAndAProgressLineBeginsAgain() {
    out.print('\r');
    out.print("1 of 2");
    out.println();
    assertEquals("\r1 of 2" + System.lineSeparator(), written.toString());
  }

  @Test
  void partsOfATextAreWrittenAlone() {
    out.write("ab\rc\n", 1, 2);
    assertEquals("b\\u000D", written.toString());
  }
}
