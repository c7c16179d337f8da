package dev.tfgraphs.ops;

/**
 * A weight in its place in a model.
 *
 * @param path the layer's name and the weight's, {@code conv1_conv/kernel}; inside nested models
 *     theirs come before it
 * @param layer the layer that owns it
 * @param spec its name, shape and start
 * @param trainable whether training changes it by gradient: false also when the layer is frozen
 */
public record Weight(String path, Layer layer, WeightSpec spec, boolean trainable) {}
