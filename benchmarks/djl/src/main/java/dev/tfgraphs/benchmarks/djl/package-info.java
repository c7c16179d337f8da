/** The Deep Java Library as a contender of {@code benchmarks/run}. */
@NullMarked
package dev.tfgraphs.benchmarks.djl;

import org.jspecify.annotations.NullMarked;
