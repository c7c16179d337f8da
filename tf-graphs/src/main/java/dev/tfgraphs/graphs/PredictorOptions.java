package dev.tfgraphs.graphs;

import java.util.function.Consumer;

/** How a {@link Predictor} computes. A value; each setting returns another one. */
public final class PredictorOptions {
  private Precision precision = Precision.FLOAT32;
  private Device device = Device.AUTO;

  private PredictorOptions() {}

  /** {@return float32, on the GPU if there is one} */
  public static PredictorOptions defaults() {
    return new PredictorOptions();
  }

  /**
   * {@return these options computing in other numbers} In bfloat16 CPUs with matrix units (AMX) and
   * GPUs are several times as fast, and results have 2 to 3 digits; weights are rounded once, after
   * batch normalization has become a part of them.
   */
  public PredictorOptions precision(Precision precision) {
    return copy(o -> o.precision = precision);
  }

  /** {@return these options on a device} */
  public PredictorOptions device(Device device) {
    return copy(o -> o.device = device);
  }

  Precision precision() {
    return precision;
  }

  Device device() {
    return device;
  }

  private PredictorOptions copy(Consumer<PredictorOptions> change) {
    PredictorOptions copy = new PredictorOptions();
    copy.precision = precision;
    copy.device = device;
    change.accept(copy);
    return copy;
  }
}
