package dev.tfgraphs.savedmodel;

import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Precision;
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
  private final Precision precision;
  private final Optional<Compile> compile;
  private final Optional<OptimizerVariables> variables;

  KerasModel(
      Model model,
      Weights weights,
      Precision precision,
      Optional<Compile> compile,
      Optional<OptimizerVariables> variables) {
    this.model = model;
    this.weights = weights;
    this.precision = precision;
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

  /**
   * {@return in which numbers it is trained: the dtype policy that its layers share} The weights
   * are float32 in each, and so are the layers whose results leave the model, whatever their
   * policy.
   */
  public Precision precision() {
    return precision;
  }

  /** {@return how it is trained, if it was compiled; in {@link #precision}} */
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

  /** Whether only a trainer knows the order that a {@code .keras} file has of its variables. */
  boolean needsTrainer() {
    return compile.isPresent() && !variables.map(OptimizerVariables::areOfKeras3).orElse(false);
  }

  /** The optimizer's variables as the file has them, none where the model was not compiled. */
  Optional<OptimizerVariables> optimizer() {
    return compile.flatMap(how -> variables);
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
