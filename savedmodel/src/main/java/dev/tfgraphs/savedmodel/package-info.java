/** The files of a network: SavedModels and weights, out and in. */
@NullMarked
package dev.tfgraphs.savedmodel;

import org.jspecify.annotations.NullMarked;
