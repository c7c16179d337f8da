/** The networks themselves, as functions from node to node and rows of data. */
@NullMarked
package dev.tfgraphs.applications;

import org.jspecify.annotations.NullMarked;
