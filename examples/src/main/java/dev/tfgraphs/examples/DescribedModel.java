package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;

/** A network that can be trained, written and run. What runs it is made when it first predicts. */
final class DescribedModel implements ModelFile {
  private final Model model;
  private final Weights weights;
  private final Optional<KerasModel> whole;
  private final Optional<String> note;
  private @Nullable Predictor predictor;

  private DescribedModel(
      Model model, Weights weights, Optional<KerasModel> whole, Optional<String> note) {
    this.model = model;
    this.weights = weights;
    this.whole = whole;
    this.note = note;
  }

  /** A network whose weights a file has, of which {@link #note} is said. */
  static DescribedModel of(Model model, Weights weights, Optional<String> note) {
    return new DescribedModel(model, weights, Optional.empty(), note);
  }

  /** What a file describes itself. */
  static DescribedModel of(KerasModel whole) {
    return new DescribedModel(whole.model(), whole.weights(), Optional.of(whole), Optional.empty());
  }

  Model model() {
    return model;
  }

  Weights weights() {
    return weights;
  }

  /** The file's own description, if it has one: how the network is trained, too. */
  Optional<KerasModel> whole() {
    return whole;
  }

  @Override
  public ImmutableList<SignatureTensor> inputs() {
    return tensors(model.inputs());
  }

  @Override
  public ImmutableList<SignatureTensor> outputs() {
    return tensors(model.outputs());
  }

  private ImmutableList<SignatureTensor> tensors(List<Node> nodes) {
    return nodes.stream()
        .map(
            node ->
                new SignatureTensor(
                    model.nameOf(node.layer()), DataType.DT_FLOAT, Optional.of(node.shape())))
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public ImmutableList<String> classNames() {
    return ImmutableList.of();
  }

  @Override
  public boolean isTrained() {
    return false;
  }

  @Override
  public Optional<String> note() {
    return note;
  }

  @Override
  public ImmutableList<HostTensor> predict(List<HostTensor> batch) {
    if (predictor == null) {
      predictor = Predictor.of(model, weights);
    }
    return predictor.predict(batch.toArray(HostTensor[]::new));
  }

  @Override
  public void close() {
    if (predictor != null) {
      predictor.close();
    }
  }
}
