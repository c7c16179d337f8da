package dev.tfgraphs.graphs.data;

import java.nio.file.Path;

/**
 * A file and how its picture is to be taken to lie.
 *
 * @param path where it is
 * @param orientation upright, for the picture as it is stored, unless the file was asked
 */
record ImageFile(Path path, Orientation orientation) {
  static ImageFile asStored(Path path) {
    return new ImageFile(path, Orientation.UPRIGHT);
  }

  /** As the file says. */
  ImageFile upright() {
    return new ImageFile(path, ImageFiles.orientation(path));
  }
}
