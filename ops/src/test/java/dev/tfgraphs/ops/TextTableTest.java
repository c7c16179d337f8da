package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected texts are what rich 15 prints. */
class TextTableTest {
  @Test
  void longTextsWrapAtBlanksOrAreCut() {
    TextTable table =
        new TextTable(
            List.of(
                new TextTable.Column("Output Shape", TextTable.Justify.LEFT, 6),
                new TextTable.Column("Param #", TextTable.Justify.RIGHT, 5),
                new TextTable.Column("Trainable", TextTable.Justify.CENTER, 5)));
    List<List<String>> rows =
        List.of(
            List.of("alone", "1,234", "Y"),
            List.of("   └ a longer_than_any_line word", "1,234,567 (unbuilt)", "-  -"));
    assertEquals(
        """
        ┏━━━━━━━━┳━━━━━━━┳━━━━━━━┓
        ┃ Output ┃ Param ┃       ┃
        ┃ Shape  ┃     # ┃ Trai… ┃
        ┡━━━━━━━━╇━━━━━━━╇━━━━━━━┩
        │ alone  │ 1,234 │   Y   │
        ├────────┼───────┼───────┤
        │    └ a │ 1,23… │ -  -  │
        │ longe… │ (unb… │       │
        │ word   │       │       │
        └────────┴───────┴───────┘
        """,
        String.join("\n", table.lines(rows)) + "\n");
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(" Total params: 1,234", 12, List.of(" Total ", "params: ", "1,234")),
        Arguments.of(
            "Model: \"abcdefghijklmnopqrstuvwxyz\"",
            10,
            List.of("Model: ", "\"abcdefghi", "jklmnopqrs", "tuvwxyz\"")),
        Arguments.of("a bb   ccc", 4, List.of("a bb", "ccc")),
        Arguments.of("abcdefgh ij", 3, List.of("abc", "def", "gh ", "ij")),
        Arguments.of("", 5, List.of("")));
  }

  @ParameterizedTest(name = "{0} in {1} columns")
  @MethodSource("texts")
  void linesBesideTheTableWrapAnywhere(String text, int width, List<String> expected) {
    assertEquals(expected, TextTable.wrap(text, width, true));
  }
}
