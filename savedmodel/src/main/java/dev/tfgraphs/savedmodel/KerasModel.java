package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.OptimizerWeights;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A whole model of Keras: the network with its weights and, where it was compiled, how it is
 * trained and how far that has come. A value.
 */
public final class KerasModel {
  /** An optimizer's variables as files have them, in order and without names. */
  record Variables(long iteration, ImmutableList<HostTensor> others) {}

  private final Model model;
  private final Weights weights;
  private final Optional<Compile> compile;
  private final Optional<Variables> variables;

  KerasModel(
      Model model, Weights weights, Optional<Compile> compile, Optional<Variables> variables) {
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
   * @throws SavedModelException if the model was not compiled, or as {@link #resume}
   */
  public Trainer trainer() {
    Trainer trainer =
        Trainer.of(
            model,
            compile.orElseThrow(
                () ->
                    new SavedModelException(
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
   * Gives a trainer of the same model and optimizer what the file has: weights, and the optimizer's
   * variables if it has any.
   *
   * @throws SavedModelException if the optimizer's variables are others
   * @throws dev.tfgraphs.graphs.GraphException if the trainer is one of another model
   */
  public void resume(Trainer trainer) {
    trainer.assign(weights);
    if (variables.isPresent()) {
      trainer.assign(fitted(variables.get(), trainer.optimizerWeights()));
    }
  }

  /** Keras makes slots when training begins; before, there are only the first two variables. */
  private static OptimizerWeights fitted(Variables stored, OptimizerWeights own) {
    int rates = own.learningRate().isPresent() ? 1 : 0;
    if (stored.others().size() < rates) {
      throw new SavedModelException(
          "Keras model: expected the optimizer's learning_rate, received no more than its"
              + " iteration");
    }
    OptionalDouble rate =
        rates == 0 ? OptionalDouble.empty() : OptionalDouble.of(stored.others().get(0).values()[0]);
    List<HostTensor> slots = stored.others().subList(rates, stored.others().size());
    return own.with(
        stored.iteration(), rate, slots.isEmpty() ? own.slots().values().asList() : slots);
  }
}
