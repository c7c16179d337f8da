/**
 * What a person looks at: learning curves, confusion matrices, predictions, feature maps, gradient
 * flow and diagrams, as PNG and SVG, without a display. Colours are told apart by colour-blind
 * readers, and dashes, markers and texts say the same in black and white.
 */
@NullMarked
package dev.tfgraphs.pictures;

import org.jspecify.annotations.NullMarked;
