/** Pages for browsers. */
@NullMarked
package dev.tfgraphs.examples.report;

import org.jspecify.annotations.NullMarked;
