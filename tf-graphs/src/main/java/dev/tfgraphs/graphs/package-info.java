/** How TensorFlow runs a network: lowering, training, prediction. */
@NullMarked
package dev.tfgraphs.graphs;

import org.jspecify.annotations.NullMarked;
