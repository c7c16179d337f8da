/** What a person looks at, as PNG and SVG: curves, feature maps, gradient flow, diagrams. */
// XChart has but a manifest's name and VectorGraphics2D, which it brings, none at all
@SuppressWarnings("requires-automatic")
module dev.tfgraphs.pictures {
  requires transitive dev.tfgraphs.graphs;
  requires transitive java.desktop;
  requires org.knowm.xchart;
  requires VectorGraphics2D;

  exports dev.tfgraphs.pictures;
}
