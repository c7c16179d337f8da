package dev.tfgraphs.ops;

import dev.tfgraphs.ops.Regularizer.L1L2;
import dev.tfgraphs.ops.Regularizer.Orthogonal;
import dev.tfgraphs.ops.Regularizer.Vectors;
import java.util.List;
import java.util.Map;

/** Keras's regularizers (keras/src/regularizers). */
final class Regularizers {
  /** Keras's factor of all of them. */
  private static final double FACTOR = 0.01;

  static final Kinds<Regularizer> KINDS =
      Kinds.<Regularizer>of(
              "regularizer",
              "keras.regularizers",
              Regularizers::className,
              List.of(
                  Settings.<L1L2>of(
                      "L1", its -> new L1L2(its.with("l1", Form.NUMBER, L1L2::l1, FACTOR), 0)),
                  Settings.<L1L2>of(
                      "L2", its -> new L1L2(0, its.with("l2", Form.NUMBER, L1L2::l2, FACTOR))),
                  Settings.<L1L2>of(
                      "L1L2",
                      its ->
                          new L1L2(
                              its.with("l1", Form.NUMBER, L1L2::l1, 0.0),
                              its.with("l2", Form.NUMBER, L1L2::l2, 0.0))),
                  Settings.<Orthogonal>of(
                      "OrthogonalRegularizer",
                      its ->
                          new Orthogonal(
                              its.with("factor", Form.NUMBER, Orthogonal::factor, FACTOR),
                              its.with(
                                  "mode",
                                  Form.choice(Vectors.class),
                                  Orthogonal::vectors,
                                  Vectors.ROWS)))))
          .alsoCalled(Map.of("l1_l2", "L1L2"));

  private Regularizers() {}

  private static String className(Regularizer regularizer) {
    if (!(regularizer instanceof L1L2 sizes)) {
      return "OrthogonalRegularizer";
    }
    if (sizes.l1() == 0 && sizes.l2() != 0) {
      return "L2";
    }
    return sizes.l2() == 0 && sizes.l1() != 0 ? "L1" : "L1L2";
  }
}
