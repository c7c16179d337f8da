package dev.tfgraphs.examples.slides;

import dev.tfgraphs.applications.PublishedWeights;
import dev.tfgraphs.savedmodel.Downloads;
import dev.tfgraphs.savedmodel.RemoteFile;
import java.nio.file.Path;

/** Weights that Keras's authors publish, in the folder where Keras keeps them. */
final class ImageNetWeights {
  private ImageNetWeights() {}

  /** Where the file is, fetched if it was not there. */
  static Path file(PublishedWeights weights) {
    return file(weights, Downloads.ofKeras());
  }

  static Path file(PublishedWeights weights, Downloads downloads) {
    return downloads.fetch(new RemoteFile(weights.address(), weights.fileName(), weights.md5()));
  }
}
