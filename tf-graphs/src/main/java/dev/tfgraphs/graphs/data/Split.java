package dev.tfgraphs.graphs.data;

/** A dataset in two parts: one to learn from, one to judge by. */
public record Split(Dataset training, Dataset validation) {}
