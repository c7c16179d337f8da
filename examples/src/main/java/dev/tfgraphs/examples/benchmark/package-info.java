/** This project's side of {@code benchmarks/run}. */
@NullMarked
package dev.tfgraphs.examples.benchmark;

import org.jspecify.annotations.NullMarked;
