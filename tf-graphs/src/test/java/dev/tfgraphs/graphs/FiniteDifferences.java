package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.ops.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/**
 * Holds TensorFlow's gradients of a model in training, by its inputs and by every weight that
 * trains, against central differences of a weighted sum of its outputs.
 *
 * <p>The step is 2^-7, exact in float32. A float32 output near 4 is rounded by 2e-7, which divided
 * by twice the step is 2e-5 for each output that an element moves; curvature adds the step's square
 * over 6, 1e-5, times the third derivative. The tolerance, 2e-3 of the largest gradient, is beyond
 * both and far below any wrong one. Where a rectifier bends between the two points, or a variance
 * of few numbers is strongly curved, a step of 2^-11 decides; its roundings are 16 times as large,
 * and so the tolerance is 1e-2.
 */
final class FiniteDifferences implements AutoCloseable {
  private static final float STEP = 1f / 128;
  private static final double TOLERANCE = 2e-3;
  private static final float FINE_STEP = 1f / 2048;
  private static final double FINE_TOLERANCE = 1e-2;

  private final Workbench bench;
  private final List<Operand<?>> places = new ArrayList<>();
  private final List<HostTensor> values = new ArrayList<>();
  private final List<Output<?>> gradients;
  private final Output<?> output;
  private final float[] factors;

  /** Weights are given in the model's order. */
  FiniteDifferences(Model model, List<HostTensor> inputs, List<HostTensor> weights) {
    this.bench = new Workbench(model, Mode.TRAINING);
    bench.assign(weights);
    Pass pass = bench.lowered(Mode.TRAINING).pass();
    this.output = bench.lowered(Mode.TRAINING).rawOutputs().get(0);
    places.addAll(bench.inputs());
    values.addAll(inputs);
    List<Variable> variables = pass.variables().all();
    for (Map.Entry<Variable, Output<?>> read : pass.reads().entrySet()) {
      if (read.getKey().weight().trainable()) {
        places.add(read.getValue());
        values.add(weights.get(variables.indexOf(read.getKey())));
      }
    }
    HostTensor first = run(List.of(output)).get(0);
    this.factors = factors(first.values().length);
    Output<?> weighted =
        bench.emitter().mul(output, constant(new HostTensor(first.shape(), factors)));
    Output<?>[] found =
        bench
            .emitter()
            .graph()
            .addGradients(
                bench.emitter().reduceAll("Sum", weighted),
                places.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
    this.gradients = List.of(found);
  }

  private Output<?> constant(HostTensor tensor) {
    try (var value = tensor.toNative()) {
      return bench
          .emitter()
          .op("Const")
          .attr("dtype", DataType.DT_FLOAT)
          .attr("value", value)
          .out();
    }
  }

  /** No two neighbours alike, and none 0. */
  private static float[] factors(int count) {
    float[] factors = new float[count];
    for (int i = 0; i < count; i++) {
      factors[i] = (i * 7 % 11 - 5) / 4f + 0.125f;
    }
    return factors;
  }

  private List<HostTensor> run(List<? extends Operand<?>> wanted) {
    return bench.run(wanted, List.of(), places, values);
  }

  private double value() {
    float[] y = run(List.of(output)).get(0).values();
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (double) y[i] * factors[i];
    }
    return sum;
  }

  /** Checks every element; returns how many there were. */
  int check(String what) {
    int elements = 0;
    for (int i = 0; i < values.size(); i++) {
      HostTensor analytic = run(List.of(gradients.get(i))).get(0);
      assertEquals(values.get(i).shape(), analytic.shape(), what);
      check(what + ", operand " + i, values.get(i).values(), analytic.values());
      elements += analytic.values().length;
    }
    assertTrue(elements > 0, what);
    return elements;
  }

  private void check(String what, float[] x, float[] analytic) {
    double scale = 1;
    for (float gradient : analytic) {
      scale = Math.max(scale, Math.abs(gradient));
    }
    for (int i = 0; i < x.length; i++) {
      double error = Math.abs(slope(x, i, STEP) - analytic[i]);
      if (error > TOLERANCE * scale) {
        error = Math.abs(slope(x, i, FINE_STEP) - analytic[i]);
        String place = what + "[" + i + "]: analytic " + analytic[i] + ", off by " + error;
        assertTrue(error <= FINE_TOLERANCE * scale, place);
      }
    }
  }

  private double slope(float[] x, int i, float step) {
    float kept = x[i];
    x[i] = kept + step;
    double above = value();
    x[i] = kept - step;
    double below = value();
    x[i] = kept;
    return (above - below) / (2 * step);
  }

  @Override
  public void close() {
    bench.close();
  }
}
