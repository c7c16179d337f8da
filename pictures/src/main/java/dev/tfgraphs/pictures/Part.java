package dev.tfgraphs.pictures;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tfgraphs.ops.Layer;
import java.util.Optional;

/**
 * What a diagram has a box of: a layer, or several that are one box until it is opened.
 *
 * @param role what it stands for
 * @param id unlike that of any other part of the diagram
 * @param name as the model calls it
 * @param words what it says below its name
 * @param kind its colour
 * @param tip what a reader is told who asks for more, line by line
 * @param layers those inside, models not among them
 * @param frozen whether it has weights of which none trains
 * @param inside what is seen when it is opened; of layers nothing
 */
record Part(
    Role role,
    String id,
    String name,
    String words,
    LayerKind kind,
    ImmutableList<String> tip,
    ImmutableSet<Layer> layers,
    boolean frozen,
    Optional<Frame> inside) {
  /** What a part stands for. */
  enum Role {
    LAYER,
    /** A model that is a layer. */
    NESTED,
    /** Layers whose names say that they are a block, or that join with what lies around them. */
    BLOCK,
    /** Blocks that follow each other. */
    STAGE,
    /** Where a frame's tensors come from, one port for each. */
    START,
    /** Where a frame's tensors go to, one port for each. */
    END
  }

  static Part edge(Role role, String id) {
    return new Part(
        role,
        id,
        "",
        "",
        LayerKind.OTHER,
        ImmutableList.of(),
        ImmutableSet.of(),
        false,
        Optional.empty());
  }

  /** Whether it is a box, and no edge of a frame. */
  boolean isBox() {
    return role != Role.START && role != Role.END;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Part part && id.equals(part.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }
}
