/** How TensorFlow runs a network: lowering, training, prediction, data. */
@SuppressWarnings(
    "module") // what is exported to savedmodel is compiled before that module is there
module dev.tfgraphs.graphs {
  requires transitive dev.tfgraphs.ops;
  requires transitive tensorflow;
  requires org.slf4j;

  exports dev.tfgraphs.graphs;
  exports dev.tfgraphs.graphs.data;
  exports dev.tfgraphs.graphs.rewriting to
      dev.tfgraphs.savedmodel;
}
