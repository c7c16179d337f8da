/** The command line, the embedded data, and pictures. */
@NullMarked
package dev.tfgraphs.examples;

import org.jspecify.annotations.NullMarked;
