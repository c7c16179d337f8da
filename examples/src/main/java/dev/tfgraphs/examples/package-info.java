/** The command line and one small program a slide. */
@NullMarked
package dev.tfgraphs.examples;

import org.jspecify.annotations.NullMarked;
