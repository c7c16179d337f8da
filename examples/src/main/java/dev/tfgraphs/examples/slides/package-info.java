/** One small program a slide, none longer than the Python there. */
@NullMarked
package dev.tfgraphs.examples.slides;

import org.jspecify.annotations.NullMarked;
