/** The files of a network: SavedModels out and in. */
@NullMarked
package dev.tfgraphs.savedmodel;

import org.jspecify.annotations.NullMarked;
