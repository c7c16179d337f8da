/** A program of its own that uses tf-graphs. */
module example.sample {
  requires dev.tfgraphs.applications;
  requires dev.tfgraphs.savedmodel;
}
