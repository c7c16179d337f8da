package dev.tfgraphs.graphs.data;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.GraphException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;

/** Images from {@code tf.data}, their labels from memory. */
final class ImageBatches implements Batches {

  private final ImmutableList<ImageFile> files;
  private final @Nullable Samples labels;
  private final ImageGraph graph;
  private final RowOrder order;

  /** From now on the owner of {@code graph}. */
  ImageBatches(
      ImmutableList<ImageFile> files, @Nullable Samples labels, ImageGraph graph, RowOrder order) {
    this.files = files;
    this.labels = labels;
    this.graph = graph;
    this.order = order;
  }

  @Override
  public void begin(int epoch) {
    graph.begin(files(order.begin(epoch)));
  }

  private List<ImageFile> files(int[] rows) {
    return Arrays.stream(rows).mapToObj(files::get).toList();
  }

  @Override
  public Optional<Batch> next() {
    int[] rows = order.next();
    if (rows.length == 0) {
      return Optional.empty();
    }
    Tensor images = images(rows);
    List<Tensor> x = List.of(images);
    try {
      return Optional.of(Batch.of(x, labels == null ? List.of() : List.of(labels.gather(rows))));
    } catch (RuntimeException e) {
      images.close();
      throw e;
    }
  }

  private Tensor images(int[] rows) {
    try {
      return graph
          .next()
          .orElseThrow(() -> new GraphException("images: expected another batch, received none"));
    } catch (RuntimeException e) {
      files(rows).forEach(graph::check);
      throw new GraphException("images: cannot be read: " + NativeMessage.of(e), e);
    }
  }

  @Override
  public long steps() {
    return order.steps();
  }

  @Override
  public void close() {
    graph.close();
  }
}
