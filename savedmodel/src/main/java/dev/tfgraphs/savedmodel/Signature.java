package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;

/**
 * A way to call a SavedModel.
 *
 * @param name {@code serving_default} for what servers call
 * @param inputs what is fed, in the order of the names
 * @param outputs what is given, in the order of the names
 */
public record Signature(
    String name, ImmutableList<SignatureTensor> inputs, ImmutableList<SignatureTensor> outputs) {}
