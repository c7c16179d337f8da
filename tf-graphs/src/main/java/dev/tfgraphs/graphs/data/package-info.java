/** Where batches come from: data sets and how they are read. */
@NullMarked
package dev.tfgraphs.graphs.data;

import org.jspecify.annotations.NullMarked;
