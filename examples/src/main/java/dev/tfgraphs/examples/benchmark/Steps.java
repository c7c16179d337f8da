package dev.tfgraphs.examples.benchmark;

/** A network and what makes its steps; of no use after it is closed. */
interface Steps extends AutoCloseable {
  /** {@return what makes so many steps; their data are made now, outside what is measured} */
  Runnable ready(int steps);

  @Override
  void close();

  static Steps of(Workload workload) {
    return workload.kind() == Workload.Kind.BARE
        ? new BareSteps(workload)
        : new TrainerSteps(workload);
  }
}
