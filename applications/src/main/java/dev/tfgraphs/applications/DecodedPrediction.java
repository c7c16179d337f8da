package dev.tfgraphs.applications;

/**
 * A class and how likely a model takes it to be.
 *
 * @param index its place in the model's output, from 0
 * @param id what it is called in a hierarchy of words: {@code n02123045}
 * @param name what it is called: {@code tabby}
 * @param score the model's value, a probability of a model that ends in softmax
 */
public record DecodedPrediction(int index, String id, String name, float score) {}
