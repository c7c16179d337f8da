package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Path;

/** A kind of weight files. {@link WeightFiles} has the list of all. */
interface WeightFormat {
  /** How many bytes of a file {@link #isIn} is shown at most. */
  int HEAD = 16;

  /** How names of such files may end. */
  ImmutableList<String> endings();

  /**
   * Whether such weights are at {@code file}, which begins with {@code head}; with nothing if there
   * is no file of that name. What is in a file counts before its name.
   */
  boolean isIn(Path file, byte[] head);

  /** What the weights at {@code file} are, which {@link #isIn} has found there. */
  FileKind kind(Path file) throws IOException;

  /** Reads the weights of a model. */
  Weights read(Path file, Model model, ReadOptions options) throws IOException;

  /** Whether files of the name {@code other} may be written beside one called {@code target}. */
  default boolean isPart(String target, String other) {
    return false;
  }

  /**
   * The names of the files beside {@code target} that the one there leads to, as {@link #isPart}
   * has them; none if nothing is there, or nothing that can be read.
   */
  default ImmutableSet<String> parts(Path target) {
    return ImmutableSet.of();
  }

  /** What is to be written for weights that fit the model; the last of it makes it whole. */
  ImmutableList<NewFile> files(Path target, Model model, Weights weights);
}
