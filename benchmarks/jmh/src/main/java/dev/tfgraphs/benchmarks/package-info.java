/** What JMH measures; benchmarks/README.md says how. */
@NullMarked
package dev.tfgraphs.benchmarks;

import org.jspecify.annotations.NullMarked;
