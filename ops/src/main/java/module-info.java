/** What a network is: layers, nodes, shapes, weights, models. */
module dev.tfgraphs.ops {
  requires transitive com.google.common;
  requires static transitive com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.tfgraphs.ops;
}
