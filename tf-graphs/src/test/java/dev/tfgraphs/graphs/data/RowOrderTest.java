package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowOrderTest {

  @ParameterizedTest(name = "seed {0}, pass {1}")
  @CsvSource({
    "0, 0, '[1, 2, 5, 7, 0, 8, 4, 3, 9, 6]'",
    "0, 1, '[4, 3, 0, 6, 5, 9, 8, 7, 1, 2]'",
    "42, 0, '[1, 7, 2, 5, 6, 4, 0, 9, 8, 3]'",
    "-1, 3, '[9, 0, 1, 3, 7, 5, 2, 4, 6, 8]'"
  })
  void theOrderIsTheDocumentedOneOnEveryMachine(long seed, int epoch, String expected) {
    assertEquals(expected, Arrays.toString(RowOrder.permutation(10, seed, epoch)));
  }

  @Test
  void theOrderIsAFullPermutation() {
    int[] order = RowOrder.permutation(100_000, 42, 2);
    long mark = IntStream.range(0, order.length).mapToLong(i -> (long) i * order[i]).sum();
    assertEquals(250033946352434L, mark);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 100_000).toArray(), sorted);
  }

  @Test
  void theOrderDependsOnSeedAndPassOnlyNotOnWhatWasReadBefore() {
    RowOrder order = new RowOrder(0, 50, 7, RowOrder.Shuffle.ALL, 3);
    int[] first = order.begin(0);
    int[] second = order.begin(1);
    assertFalse(Arrays.equals(first, second));
    assertArrayEquals(second, new RowOrder(0, 50, 9, RowOrder.Shuffle.ALL, 3).begin(1));
    assertArrayEquals(first, order.begin(0));
  }

  @Test
  void batchesCutTheOrderAndTheLastMayBeSmaller() {
    RowOrder order = new RowOrder(100, 5, 2, RowOrder.Shuffle.NONE, 0);
    order.begin(0);
    assertArrayEquals(new int[] {100, 101}, order.next());
    assertArrayEquals(new int[] {102, 103}, order.next());
    assertArrayEquals(new int[] {104}, order.next());
    assertArrayEquals(new int[0], order.next());
    assertEquals(3, order.steps());
    assertEquals(1, new RowOrder(0, 5, Integer.MAX_VALUE, RowOrder.Shuffle.NONE, 0).steps());
  }

  @Test
  void aBatchHasAtLeastOneSample() {
    Reading.assertFails(
        "batch size: expected at least 1, received 0",
        () -> new RowOrder(0, 5, 0, RowOrder.Shuffle.NONE, 0));
  }
}
