package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A kind of files, how they are damaged, and who reads them.
 *
 * @param most of how many runs one is made; TensorFlow's own readers are slow
 */
record FuzzSubject(String name, int most, Damage damage, ImmutableList<Seed> seeds) {
  /** Damages the bytes of a file. */
  interface Damage {
    byte[] of(byte[] whole, Random random) throws IOException;
  }

  /** Reads what is there now, and fails unless what was read obeys the law of the format. */
  interface Reading {
    void run() throws Exception;
  }

  /** An undamaged file, among whatever else belongs to it. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Seed(Path file, byte[] whole, Reading reading) {
    static Seed of(Path file, Reading reading) throws IOException {
      return new Seed(file, Files.readAllBytes(file), reading);
    }
  }

  static FuzzSubject of(String name, Damage damage, Iterable<Seed> seeds) {
    return new FuzzSubject(name, 1, damage, ImmutableList.copyOf(seeds));
  }

  FuzzSubject slow() {
    return new FuzzSubject(name, 10, damage, seeds);
  }

  /** The seed of a run. */
  Seed seed(int run) {
    return seeds.get(run % seeds.size());
  }

  @Override
  public String toString() {
    return name;
  }
}
