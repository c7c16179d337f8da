/** Generators of random numbers, shared by the other packages and not exported. */
@NullMarked
package dev.tfgraphs.graphs.random;

import org.jspecify.annotations.NullMarked;
