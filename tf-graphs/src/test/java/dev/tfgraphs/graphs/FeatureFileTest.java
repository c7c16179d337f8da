package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFileTest {
  private static final int RECORDS = 9;
  private static final int BYTES = 24;
  private static final int RECORD = 32 + BYTES + 4;

  @TempDir private Path folder;
  private Path path;
  private byte[] whole;

  private static HashCode sample(int number) {
    return Hashing.sha256().hashInt(number);
  }

  private static byte[] features(int number) {
    byte[] features = new byte[BYTES];
    new Random(number).nextBytes(features);
    return features;
  }

  @BeforeEach
  void write() throws IOException {
    path = folder.resolve("some.features");
    try (FeatureFile file = FeatureFile.open(path, BYTES)) {
      for (int i = 0; i < RECORDS; i++) {
        file.put(sample(i), features(i));
      }
    }
    whole = Files.readAllBytes(path);
  }

  @Test
  void aDamagedRecordIsLostAloneAndItsPlaceUsedAgain() throws IOException {
    assertEquals(RECORDS * RECORD, whole.length);
    whole[4 * RECORD + 40] ^= 1;
    Files.write(path, whole);
    try (FeatureFile file = FeatureFile.open(path, BYTES)) {
      for (int i = 0; i < RECORDS; i++) {
        assertEquals(i != 4, file.get(sample(i)).isPresent(), "record " + i);
      }
      file.put(sample(4), features(4));
    }
    whole[4 * RECORD + 40] ^= 1;
    assertArrayEquals(whole, Files.readAllBytes(path));
  }

  /** What a damaged file gives was written, and what is undamaged is given. */
  @Test
  void damagedFilesGiveWhatIsWhole() throws IOException {
    int runs = Integer.getInteger("tfgraphs.fuzz", 300);
    int lost = 0;
    for (int run = 0; run < runs; run++) {
      byte[] damaged = damaged(new Random(run));
      Files.write(path, damaged);
      try (FeatureFile file = FeatureFile.open(path, BYTES)) {
        for (int i = 0; i < RECORDS; i++) {
          Optional<byte[]> read = file.get(sample(i));
          boolean same = isSame(damaged, i);
          assertEquals(same, read.isPresent(), "run " + run + ", record " + i);
          if (same) {
            assertArrayEquals(features(i), read.orElseThrow());
          }
          lost += same ? 0 : 1;
        }
      }
    }
    assertTrue(lost > runs / 2, lost + " lost");
    if (Integer.getInteger("tfgraphs.fuzz") != null) {
      System.out.printf("| .features | %d | %d of %d records lost |%n", runs, lost, runs * RECORDS);
    }
  }

  private boolean isSame(byte[] damaged, int record) {
    int start = record * RECORD;
    return start + RECORD <= damaged.length
        && Arrays.equals(whole, start, start + RECORD, damaged, start, start + RECORD);
  }

  /** Cut or whole, with up to three other bytes. */
  private byte[] damaged(Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(whole.length) : whole.length;
    byte[] bytes = Arrays.copyOf(whole, length);
    for (int left = random.nextInt(4); left > 0 && length > 0; left--) {
      bytes[random.nextInt(length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
