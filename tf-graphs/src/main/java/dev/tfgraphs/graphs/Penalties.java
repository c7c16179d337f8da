package dev.tfgraphs.graphs;

import dev.tfgraphs.ops.Regularizer;
import dev.tfgraphs.ops.Regularizer.L1L2;
import dev.tfgraphs.ops.Regularizer.Orthogonal;
import dev.tfgraphs.ops.Regularizer.Vectors;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** What regularizers add to a loss, as ops (keras/src/regularizers/regularizers.py). */
final class Penalties {
  private static final float LONGEST_INVERSE = 1e7f;

  private final Emitter e;

  Penalties(Emitter e) {
    this.e = e;
  }

  /** The sum of a pass's penalties: on results, and on the weights that it reads and trains. */
  Optional<Output<?>> of(Pass pass) {
    List<Output<?>> penalties = new ArrayList<>();
    for (Pass.Activity activity : pass.activities()) {
      penalties.add(activity(activity));
    }
    pass.reads()
        .forEach(
            (variable, value) -> {
              Weight weight = variable.weight();
              weight
                  .spec()
                  .regularizer()
                  .filter(regularizer -> weight.trainable())
                  .ifPresent(regularizer -> penalties.add(penalty(regularizer, value)));
            });
    return penalties.stream().reduce(e::add);
  }

  /** So that its weight against the other terms does not change with the size of the batch. */
  private Output<?> activity(Pass.Activity activity) {
    Output<?> batch = e.cast(Windows.size(e, activity.result(), 0), DataType.DT_FLOAT);
    Output<?> penalty = penalty(activity.penalty(), e.cast(activity.result(), DataType.DT_FLOAT));
    return e.op("DivNoNan").in(penalty, batch).out();
  }

  /** What {@code regularizer} makes of a tensor. */
  Output<?> penalty(Regularizer regularizer, Output<?> x) {
    return regularizer instanceof Orthogonal orthogonal
        ? orthogonal(orthogonal, x)
        : norms((L1L2) regularizer, x);
  }

  /** Only the terms that count: nought times an infinite weight is no number. */
  private Output<?> norms(L1L2 factors, Output<?> x) {
    if (factors.l1() == 0) {
      return term(factors.l2(), "Square", x);
    }
    Output<?> l1 = term(factors.l1(), "Abs", x);
    return factors.l2() == 0 ? l1 : e.add(l1, term(factors.l2(), "Square", x));
  }

  private Output<?> term(double factor, String type, Output<?> x) {
    return e.mul(e.scalar((float) factor), e.reduceAll("Sum", e.op(type).in(x).out()));
  }

  private Output<?> orthogonal(Orthogonal orthogonal, Output<?> matrix) {
    boolean rows = orthogonal.vectors() == Vectors.ROWS;
    int size = Math.toIntExact(matrix.shape().get(rows ? 0 : 1));
    Output<?> squares = e.reduce("Sum", e.op("Square").in(matrix).out(), true, rows ? 1 : 0);
    Output<?> inverse = e.op("Rsqrt").in(squares).out();
    Output<?> bounded = e.op("Minimum").in(inverse, e.scalar(LONGEST_INVERSE)).out();
    Output<?> unit = e.mul(matrix, bounded);
    Output<?> products =
        e.op("MatMul").in(unit, unit).attr("transpose_a", !rows).attr("transpose_b", rows).out();
    Output<?> ones = e.op("Fill").in(e.vector(size), e.scalar(1f)).out();
    Output<?> others = e.mul(products, e.sub(e.scalar(1f), e.op("MatrixDiag").in(ones).out()));
    Output<?> sum = e.reduceAll("Sum", e.op("Abs").in(others).out());
    Output<?> half = e.scalar((float) orthogonal.factor() * 0.5f);
    return e.div(e.mul(half, sum), e.scalar((float) (size * (size - 1.0) / 2)));
  }
}
