package dev.tfgraphs.graphs;

/** What is reported beside the loss, averaged over the samples of an epoch (keras/src/metrics). */
public sealed interface Metric {
  /**
   * {@return how often the output is right, {@code accuracy}: as Keras resolves the word, against
   * class numbers, distributions, or yes and no, by what the loss takes}
   */
  static Metric accuracy() {
    return new Accuracy();
  }

  /** {@return how often the right class is among the {@code k} likeliest; Keras's default is 5} */
  static Metric topK(int k) {
    return new TopK(k);
  }

  /** How often the output is right. */
  record Accuracy() implements Metric {}

  /**
   * How often the right class is among the likeliest; classes that tie with the last place count.
   */
  record TopK(int k) implements Metric {
    /**
     * Checks k.
     *
     * @throws GraphException if it is not positive
     */
    public TopK {
      if (k <= 0) {
        throw new GraphException("top-k: expected a positive k, received " + k);
      }
    }
  }
}
