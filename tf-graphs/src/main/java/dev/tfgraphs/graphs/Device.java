package dev.tfgraphs.graphs;

/** Where a graph runs. */
public enum Device {
  /** The first GPU when there is one, else the CPU. */
  AUTO,
  /** The CPU, even when there is a GPU. */
  CPU,
  /** The first GPU; an error when there is none. */
  GPU
}
