package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.Interpolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the files that cannot be decoded. */
final class BrokenImages {

  /** Decoding alone is asked for, so what is made of the pixels is the least. */
  private static final Images.Decoding LEAST = new Images.Decoding(1, 1, 3, Interpolation.NEAREST);

  private BrokenImages() {}

  /** {@return those of {@code files} that are no images or cannot be decoded, in their order} */
  static ImmutableList<BrokenImage> among(List<ImageFile> files) {
    Map<ImageFile, BrokenImage> broken = new HashMap<>();
    List<ImageFile> images = new ArrayList<>();
    for (ImageFile file : files) {
      ImageFiles.problem(file.path())
          .ifPresentOrElse(problem -> broken.put(file, problem), () -> images.add(file));
    }
    if (!images.isEmpty()) {
      decode(images, broken);
    }
    return files.stream()
        .filter(broken::containsKey)
        .map(broken::get)
        .collect(ImmutableList.toImmutableList());
  }

  /** One image a batch: of one that fails, nothing is lost with it. */
  private static void decode(List<ImageFile> images, Map<ImageFile, BrokenImage> broken) {
    try (ImageGraph graph = new ImageGraph(LEAST, 1)) {
      graph.begin(images);
      for (ImageFile image : images) {
        if (!isNextWhole(graph)) {
          graph
              .failure(image)
              .ifPresent(e -> broken.put(image, BrokenImage.undecodable(image.path(), e)));
        }
      }
    }
  }

  private static boolean isNextWhole(ImageGraph graph) {
    try {
      graph
          .next()
          .orElseThrow(() -> new GraphException("images: expected another, received none"))
          .close();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
