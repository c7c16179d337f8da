/** How TensorFlow runs a network: lowering, training, prediction, data. */
module dev.tfgraphs.graphs {
  requires transitive dev.tfgraphs.ops;
  requires transitive tensorflow;
  requires org.slf4j;

  exports dev.tfgraphs.graphs;
  exports dev.tfgraphs.graphs.data;
  exports dev.tfgraphs.graphs.rewriting to
      dev.tfgraphs.savedmodel;
}
