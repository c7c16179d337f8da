package dev.tfgraphs.examples;

import dev.tfgraphs.applications.CifarResNet;

/**
 * A network that is compared with others.
 *
 * @param depth how many layers with weights there are one behind another
 */
record Subject(Variant variant, int depth) {
  /** For lines and keys: {@code plain, depth 20}. */
  String title() {
    return variant.name() + ", depth " + depth;
  }

  Network network() {
    return new Network(title(), variant.change().apply(CifarResNet.basic(depth))::on);
  }
}
