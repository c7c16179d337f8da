package dev.tfgraphs.examples;

/** Why a training is over. */
enum Ending {
  FINISHED,
  INTERRUPTED,
  DIVERGED
}
