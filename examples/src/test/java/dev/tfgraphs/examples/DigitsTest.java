package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {

  private static final String ZEROS = "0,".repeat(63);

  @Test
  void the_training_digits_are_those_of_the_file() {
    Digits train = Digits.train();
    assertEquals(1437, train.count());
    assertEquals(1437 * 64, train.pixels().length);
    assertEquals(449372, ink(train));
    assertArrayEquals(new int[] {143, 146, 142, 146, 144, 145, 144, 143, 141, 143}, counts(train));
    assertArrayEquals(new byte[] {0, 0, 5, 13, 9, 1, 0, 0}, Arrays.copyOf(train.pixels(), 8));
    assertEquals(0, train.labels()[0]);
  }

  @Test
  void the_test_digits_are_the_rest_of_the_file() {
    Digits test = Digits.test();
    assertEquals(360, test.count());
    assertEquals(360 * 64, test.pixels().length);
    assertEquals(112346, ink(test));
    assertArrayEquals(new int[] {35, 36, 35, 37, 37, 37, 37, 36, 33, 37}, counts(test));
    assertEquals(8, test.labels()[359]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "16,17 | digits.csv line 2: expected a digit from 0 to 9, received '17'",
        "17,1 | digits.csv line 2: expected a pixel from 0 to 16, received '17'",
        "x,1 | digits.csv line 2: expected a pixel from 0 to 16, received 'x'",
        "-1,1 | digits.csv line 2: expected a pixel from 0 to 16, received '-1'",
        "1 | digits.csv line 2: expected 65 values, received 64 values",
        "1,2, | digits.csv line 2: expected 65 values, received 66 values"
      })
  void a_malformed_line_is_named(String end, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Digits.parse(List.of(ZEROS + "0,1", ZEROS + end)));
    assertEquals(message, e.getMessage());
  }

  @Test
  void a_blank_line_is_malformed_too() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Digits.parse(List.of("")));
    assertEquals("digits.csv line 1: expected 65 values, received 1 values", e.getMessage());
  }

  private static int ink(Digits digits) {
    return IntStream.range(0, digits.pixels().length).map(i -> digits.pixels()[i]).sum();
  }

  private static int[] counts(Digits digits) {
    int[] counts = new int[Digits.CLASSES];
    for (int label : digits.labels()) {
      counts[label]++;
    }
    return counts;
  }
}
