/** The pictures of {@code docs/gallery}. */
@NullMarked
package dev.tfgraphs.examples.gallery;

import org.jspecify.annotations.NullMarked;
