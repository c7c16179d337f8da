/** Answers TensorFlow Serving's REST API, for trying a SavedModel out. */
@NullMarked
package dev.tfgraphs.examples.serving;

import org.jspecify.annotations.NullMarked;
