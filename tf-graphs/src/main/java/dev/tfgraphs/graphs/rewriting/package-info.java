/** Graphs made into other graphs that compute the same: for this project's own modules. */
@NullMarked
package dev.tfgraphs.graphs.rewriting;

import org.jspecify.annotations.NullMarked;
