/** The command line and the embedded data. */
@NullMarked
package dev.tfgraphs.examples;

import org.jspecify.annotations.NullMarked;
