/** The files of a network: SavedModels and weights, out and in. */
module dev.tfgraphs.savedmodel {
  requires transitive dev.tfgraphs.graphs;
  requires com.google.gson;
  requires java.net.http;

  exports dev.tfgraphs.savedmodel;
}
