package dev.tfgraphs.pictures;

/**
 * A tensor's way from one part of a frame to another.
 *
 * @param out which of the results of {@code from}
 * @param in which of the inputs of {@code to}; where that is a layer, 0
 * @param shape as the summary writes it
 */
record Link(Part from, int out, Part to, int in, String shape) {}
