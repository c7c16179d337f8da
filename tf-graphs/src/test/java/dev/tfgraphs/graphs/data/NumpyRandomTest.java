package dev.tfgraphs.graphs.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumpyRandomTest {

  /** Made by {@code numpy.random.RandomState(seed).shuffle(list(range(size)))}. */
  @ParameterizedTest(name = "seed {0}")
  @CsvSource({
    "0, '[2, 8, 4, 9, 1, 6, 7, 3, 0, 5]', 247872640",
    "7, '[8, 5, 0, 2, 1, 9, 7, 3, 6, 4]', 246202311",
    "123456, '[8, 7, 6, 4, 5, 3, 0, 9, 2, 1]', 253363092",
    "4294967295, '[6, 9, 5, 1, 8, 0, 7, 4, 2, 3]', 249935792"
  })
  void shufflesAsNumpyDoes(long seed, String ten, long markOfThousand) {
    assertEquals(ten, Arrays.toString(new NumpyRandom(seed).shuffled(10)));
    int[] thousand = new NumpyRandom(seed).shuffled(1000);
    assertEquals(
        markOfThousand, IntStream.range(0, 1000).mapToLong(i -> (long) i * thousand[i]).sum());
  }
}
