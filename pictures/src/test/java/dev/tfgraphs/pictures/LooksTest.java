package dev.tfgraphs.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LooksTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.30000000000000004, 0.3",
    "100, 100",
    "-2.5, -2.5",
    "0.001, 0.001",
    "0.0001, 1e-4",
    "1.5e-8, 1.5e-8",
    "99999, 99999",
    "100000, 1e5",
    "1.2e8, 1.2e8",
    "-3e9, -3e9"
  })
  void numbers_are_as_short_as_they_can_be(double value, String written) {
    assertEquals(written, Looks.number(value));
  }

  @Test
  void no_two_of_140_curves_look_the_same() {
    assertEquals(140, IntStream.range(0, 140).mapToObj(Looks::of).distinct().count());
  }
}
