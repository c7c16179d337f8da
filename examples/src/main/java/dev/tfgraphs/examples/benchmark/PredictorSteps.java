package dev.tfgraphs.examples.benchmark;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.PredictorOptions;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;

/** Predictions of a {@code Predictor} for one batch that is in an array. */
final class PredictorSteps implements Steps {
  private final Predictor predictor;
  private final HostTensor images;

  PredictorSteps(Workload workload) {
    Model model = workload.model();
    PredictorOptions options = PredictorOptions.defaults().precision(workload.precision());
    this.predictor = Predictor.of(model, Weights.initial(model, 1), options);
    this.images =
        new HostTensor(
            model.inputs().get(0).shape().with(0, workload.batch()),
            workload.images(workload.batch()));
  }

  @Override
  public Runnable ready(int steps) {
    return () -> {
      for (int step = 0; step < steps; step++) {
        predictor.predict(images);
      }
    };
  }

  @Override
  public void close() {
    predictor.close();
  }
}
