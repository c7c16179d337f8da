package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.util.Optional;

/**
 * A whole model of Keras: the network with its weights and, where it was compiled, how it is
 * trained and how far that has come. A value.
 */
public final class KerasModel {
  private final Model model;
  private final Weights weights;
  private final Optional<Compile> compile;
  private final Optional<OptimizerVariables> variables;

  KerasModel(
      Model model,
      Weights weights,
      Optional<Compile> compile,
      Optional<OptimizerVariables> variables) {
    this.model = model;
    this.weights = weights;
    this.compile = compile;
    this.variables = variables;
  }

  /** {@return the network} */
  public Model model() {
    return model;
  }

  /** {@return its weights} */
  public Weights weights() {
    return weights;
  }

  /** {@return how it is trained, if it was compiled} */
  public Optional<Compile> compile() {
    return compile;
  }

  /**
   * {@return a trainer that goes on where the file was written, which the caller closes}
   *
   * @throws ModelFileException if the model was not compiled, or as {@link #resume}
   */
  public Trainer trainer() {
    Trainer trainer =
        Trainer.of(
            model,
            compile.orElseThrow(
                () ->
                    new ModelFileException(
                        "Keras model: expected one that was compiled, received one that was not;"
                            + " Trainer.of(model, compile) trains it")));
    try {
      resume(trainer);
      return trainer;
    } catch (RuntimeException failure) {
      trainer.close();
      throw failure;
    }
  }

  /**
   * The optimizer's variables as a {@code .keras} file has them, none where the model was not
   * compiled; empty if only a trainer knows their order.
   */
  Optional<ImmutableList<StoredTensor>> optimizer() {
    return compile.isEmpty()
        ? Optional.of(ImmutableList.of())
        : variables.flatMap(OptimizerVariables::ofKeras3);
  }

  /**
   * Gives a trainer of the same model and optimizer what the file has: weights, and the optimizer's
   * variables if it has any.
   *
   * @throws ModelFileException if the optimizer's variables are others
   * @throws dev.tfgraphs.graphs.GraphException if the trainer is one of another model
   */
  public void resume(Trainer trainer) {
    trainer.assign(weights);
    if (variables.isPresent()) {
      trainer.assign(variables.get().fitted(trainer.optimizerWeights()));
    }
  }
}
