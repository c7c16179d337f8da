/** What a network is: layers, nodes, shapes, weights, models. */
@NullMarked
package dev.tfgraphs.ops;

import org.jspecify.annotations.NullMarked;
