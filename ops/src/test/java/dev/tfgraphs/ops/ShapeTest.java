package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
  @Test
  void aShapePrintsAsInKeras() {
    assertEquals("(None, 224, 224, 3)", Shape.of(224, 224, 3).batched().toString());
    assertEquals("(7,)", Shape.of(7).toString());
    assertEquals("()", Shape.of().toString());
  }

  @Test
  void shapesOfTheSameSizesAreEqual() {
    assertEquals(Shape.of(-1, 3), Shape.of(3).batched());
    assertEquals(Shape.of(-1, 3).hashCode(), Shape.of(3).batched().hashCode());
    assertNotEquals(Shape.of(1, 3), Shape.of(3).batched());
  }

  @Test
  void negativeAxesCountFromTheEnd() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(4, shape.size(-1));
    assertEquals(2, shape.size(-3));
    assertEquals(Shape.of(2, 9, 4), shape.with(-2, 9));
    assertArrayEquals(new int[] {2, 3, 4}, shape.toArray());
  }

  @Test
  void elementsAreCountedBeyondTheRangeOfInt() {
    assertEquals(1, Shape.of().elements());
    assertEquals(0, Shape.of(5, 0).elements());
    assertEquals(10_000_000_000L, Shape.of(100_000, 100_000).elements());
    assertTrue(Shape.of(5, 0).isKnown());
    assertFalse(Shape.of(5, Shape.UNKNOWN).isKnown());
  }

  @ParameterizedTest(name = "{0} with window {1} and stride {2}: VALID {3}, SAME {4}")
  @CsvSource({
    "7, 3, 2, 3, 4",
    "8, 3, 2, 3, 4",
    "8, 2, 2, 4, 4",
    "5, 1, 3, 2, 2",
    "3, 4, 1, 0, 3",
    "3, 9, 2, 0, 2",
    "-1, 3, 2, -1, -1",
    "0, 1, 1, 0, 0",
    "2147483647, 1, 1, 2147483647, 2147483647",
    "2147483647, 2, 2, 1073741823, 1073741824"
  })
  void windowsFitAsInTensorFlow(int in, int window, int stride, int valid, int same) {
    assertEquals(valid, Padding.VALID.outputSize(in, window, stride));
    assertEquals(same, Padding.SAME.outputSize(in, window, stride));
  }
}
