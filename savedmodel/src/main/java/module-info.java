/** The files of a network: SavedModels out and in. */
module dev.tfgraphs.savedmodel {
  requires transitive dev.tfgraphs.graphs;

  exports dev.tfgraphs.savedmodel;
}
