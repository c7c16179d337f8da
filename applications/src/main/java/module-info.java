/** The networks and what belongs to them. */
module dev.tfgraphs.applications {
  requires transitive dev.tfgraphs.ops;
  requires dev.tfgraphs.graphs;

  exports dev.tfgraphs.applications;
}
