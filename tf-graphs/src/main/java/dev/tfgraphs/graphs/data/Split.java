package dev.tfgraphs.graphs.data;

import java.util.function.UnaryOperator;

/** A dataset in two parts: one to learn from, one to judge by. */
public record Split(Dataset training, Dataset validation) {
  /** {@return what {@code change} makes of each part, such as {@code part -> part.oneHot(10)}} */
  public Split both(UnaryOperator<Dataset> change) {
    return new Split(change.apply(training), change.apply(validation));
  }
}
