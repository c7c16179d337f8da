package dev.tfgraphs.examples.benchmark;

/** A network and what makes its steps; of no use after it is closed. */
public interface Steps extends AutoCloseable {
  /** {@return what makes so many steps; their data are made now, outside what is measured} */
  Runnable ready(int steps);

  @Override
  void close();

  /** {@return those of this project} */
  static Steps of(Workload workload) {
    return switch (workload.kind()) {
      case BARE -> new BareSteps(workload);
      case INFER -> new PredictorSteps(workload);
      default -> new TrainerSteps(workload);
    };
  }
}
