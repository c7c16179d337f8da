package dev.tfgraphs.graphs;

import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/**
 * Connectionist temporal classification as ops: the probability of a row of labels, over all ways
 * to lay it along the steps (tensorflow/python/ops/ctc_ops.py, ctc_loss_dense). A label is emitted
 * in one or more steps that follow each other, and before and behind each label may be blanks, of
 * which two equal labels need one between them.
 *
 * <p>The states are start, blank, label 1, blank, label 2, blank and so on; from each a step leads
 * to itself, the next, or from a label to the next one. How likely each state is by what comes
 * before it, and by what comes behind, is the same recursion along opposite directions, so that one
 * loop does both: the second half of its rows has states and steps from last to first.
 */
final class Alignments {
  /** How unlikely a state is where none can be; TensorFlow's logarithm of 1e-307. */
  private static final float NONE = (float) Math.log(1e-307);

  private static final float NEVER = Float.NEGATIVE_INFINITY;

  private final Emitter e;
  private final Arithmetic m;

  Alignments(Emitter e) {
    this.e = e;
    this.m = new Arithmetic(e);
  }

  /**
   * {@code -log(p)} of each row of labels, {@code (batch)}. TensorFlow derives no loop, so the
   * gradient is made along with the loss: it is that of logits times a constant, which is added and
   * taken away again.
   *
   * @param labels int32 {@code (batch, length)}, filled up with 0, the blank
   * @param logits {@code (batch, steps, classes)}
   */
  Output<?> loss(Output<?> labels, Output<?> logits) {
    Output<?> logarithms = m.apply("LogSoftmax", logits);
    Output<?> observed = observed(labels, logarithms);
    List<Output<?>> scanned = scan(labels, observed);
    Output<?> loss = constant(m.neg(scanned.get(1)));
    Output<?> wrong =
        constant(m.sub(m.apply("Exp", logarithms), found(labels, logits, scanned.get(0))));
    Output<?> slope = e.reduce("Sum", m.mul(logits, wrong), false, 1, 2);
    return m.add(loss, m.sub(slope, constant(slope)));
  }

  private Output<?> constant(Output<?> x) {
    return m.apply("StopGradient", x);
  }

  /** The logarithms of what each state would emit, {@code (steps, batch, states)}. */
  private Output<?> observed(Output<?> labels, Output<?> logarithms) {
    Output<?> blank = m.apply("ZerosLike", labels);
    Output<?> emitted =
        e.op("GatherV2")
            .in(logarithms, padded(rows(labels, blank), e.scalar(0), 1, 0), e.scalar(2))
            .attr("batch_dims", 1L)
            .out();
    return padded(m.apply("Transpose", emitted, e.vector(1, 0, 2)), m.scalar(NEVER), 1, 0);
  }

  /** {@code a} and {@code b}, {@code (batch, length)}, in turn: {@code (batch, 2 length)}. */
  private Output<?> rows(Output<?> a, Output<?> b) {
    Output<?> pairs = e.op("Pack").list(List.of(a, b)).attr("axis", 2L).out();
    return e.reshape(pairs, e.op("Pack").list(List.of(size(a, 0), e.scalar(-1))).out());
  }

  private Output<?> size(Output<?> x, int axis) {
    return Windows.size(e, x, axis);
  }

  /** {@code x} with so many values before and behind along its last axis. */
  private Output<?> padded(Output<?> x, Output<?> value, int before, int behind) {
    int[] sides = new int[2 * Arithmetic.rank(x)];
    sides[sides.length - 2] = before;
    sides[sides.length - 1] = behind;
    Output<?> places = e.reshape(e.vector(sides), e.vector(-1, 2));
    return m.apply("PadV2", x, places, value);
  }

  /** Whether a step may lead to each state from the second before it: 0, or minus infinity. */
  private Output<?> skips(Output<?> labels) {
    Output<?> before = padded(part(labels, 0, -1), e.scalar(-1), 1, 0);
    Output<?> differs = m.apply("NotEqual", labels, before);
    Output<?> open = m.where(differs, m.scalar(0), m.scalar(NEVER));
    Output<?> never = m.apply("Fill", e.shape(open), m.scalar(NEVER));
    return padded(rows(open, never), m.scalar(NEVER), 2, 0);
  }

  /** Columns of {@code x} from one on to another, which is counted from the end; 0 is the end. */
  private Output<?> part(Output<?> x, int from, int to) {
    return e.op("StridedSlice")
        .in(x, e.vector(0, from), e.vector(0, to), e.vector(1, 1))
        .attr("begin_mask", 1L)
        .attr("end_mask", to == 0 ? 3L : 1L)
        .out();
  }

  private Output<?> reversed(Output<?> x, int... axes) {
    return m.apply("ReverseV2", x, e.vector(axes));
  }

  /**
   * Goes along the steps in both directions: how likely each state is in each step, logarithms up
   * to a constant, {@code (steps, batch, states)}; and the logarithm of the labels' probability.
   */
  private List<Output<?>> scan(Output<?> labels, Output<?> observed) {
    Output<?> skips = skips(labels);
    Output<?> back = padded(part(reversed(skips, 1), 0, -2), m.scalar(NEVER), 2, 0);
    Output<?> states = size(observed, 2);
    Output<?> first = step(e, e.mul(starts(labels, states), e.scalar(NONE)), skips);
    Output<?> last = reversed(e.mul(ends(labels, states), e.scalar(NONE)), 1);
    List<Output<?>> results =
        loop(
            both(first, last, 0),
            both(observed, reversed(observed, 0, 2), 1),
            both(skips, back, 0));
    List<Output<?>> ways = halves(results.get(0), 1);
    Output<?> likely = m.add(m.add(ways.get(0), observed), reversed(ways.get(1), 0, 2));
    Output<?> start = part(halves(results.get(1), 0).get(1), -1, 0);
    Output<?> sums = halves(results.get(2), 0).get(1);
    Output<?> whole = m.add(start, sums);
    return List.of(likely, e.op("Squeeze").in(whole).attr("squeeze_dims", new long[] {1}).out());
  }

  private Output<?> both(Output<?> a, Output<?> b, int axis) {
    return e.op("ConcatV2").list(List.of(a, b)).in(e.scalar(axis)).out();
  }

  private List<Output<?>> halves(Output<?> x, int axis) {
    var split = e.op("Split").in(e.scalar(axis), x).attr("num_split", 2L).build();
    return List.of(split.output(0), split.output(1));
  }

  /** 0 for the state in which all begin and 1 for others. */
  private Output<?> starts(Output<?> labels, Output<?> states) {
    Output<?> zeros = m.apply("Fill", e.reshape(size(labels, 0), e.vector(1)), e.scalar(0));
    return m.apply("OneHot", zeros, states, m.scalar(0), m.scalar(1));
  }

  /** 0 for the last label and the blank behind it, and 1 for other states. */
  private Output<?> ends(Output<?> labels, Output<?> states) {
    Output<?> length =
        e.reduce(
            "Sum", e.cast(m.apply("NotEqual", labels, e.scalar(0)), DataType.DT_INT32), true, 1);
    Output<?> numbers = m.apply("Range", e.scalar(0), states, e.scalar(1));
    Output<?> pairs = m.apply("FloorDiv", numbers, e.scalar(2));
    return m.number(m.apply("NotEqual", e.reshape(pairs, e.vector(1, -1)), length));
  }

  /** What the states before lead to in one step: {@code (rows, states)}, both. */
  private static Output<?> step(Emitter e, Output<?> before, Output<?> skips) {
    Alignments a = new Alignments(e);
    Output<?> wide = a.padded(before, e.scalar(NEVER), 2, 0);
    Output<?> jumped = e.add(a.part(wide, 0, -2), skips);
    Output<?> ways = e.op("Pack").list(List.of(before, a.part(wide, 1, -1), jumped)).out();
    Output<?> sum = a.m.logSumExp(ways, 0);
    return e.op("Squeeze").in(sum).attr("squeeze_dims", new long[] {0}).out();
  }

  /**
   * All steps: what was before each, {@code (steps, rows, states)}, what is behind the last, and
   * the logarithms of what each row was divided by on its way, which keep the others small.
   */
  private List<Output<?>> loop(Output<?> first, Output<?> observed, Output<?> skips) {
    Output<?> steps = size(observed, 0);
    Output<?> sums = e.reduce("Sum", m.apply("ZerosLike", first), true, 1);
    Output<?> kept = m.apply("ZerosLike", observed);
    List<Output<?>> state = List.of(e.scalar(0), steps, first, sums, kept, observed, skips);
    try (ConcreteFunction more = ConcreteFunction.create(tf -> function(tf, state, this::more));
        ConcreteFunction next = ConcreteFunction.create(tf -> function(tf, state, this::next))) {
      var loop =
          e.op("StatelessWhile")
              .list(state)
              .attr("cond", more)
              .attr("body", next)
              .attr("_lower_using_switch_merge", true) // what is kept is written in place
              .build();
      return List.of(loop.output(4), loop.output(2), loop.output(3));
    }
  }

  private List<Output<?>> more(Emitter e, List<Output<?>> state) {
    return List.of(e.op("Less").in(state.get(0), state.get(1)).out());
  }

  private List<Output<?>> next(Emitter e, List<Output<?>> state) {
    Output<?> number = state.get(0);
    Output<?> before = state.get(2);
    Output<?> now = e.op("GatherV2").in(state.get(5), number, e.scalar(0)).out();
    Output<?> after = step(e, e.add(before, now), state.get(6));
    Output<?> sum = new Arithmetic(e).logSumExp(after, 1);
    return List.of(
        e.add(number, e.scalar(1)),
        state.get(1),
        e.sub(after, sum),
        e.add(state.get(3), sum),
        kept(e, state.get(4), number, before),
        state.get(5),
        state.get(6));
  }

  private static Output<?> kept(Emitter e, Output<?> all, Output<?> number, Output<?> one) {
    Output<?> row = e.op("ExpandDims").in(one, e.scalar(0)).out();
    return e.op("TensorScatterUpdate").in(all, e.reshape(number, e.vector(1, 1)), row).out();
  }

  /** A function of values like {@code state}, in a graph of its own. */
  private static Signature function(Ops tf, List<Output<?>> state, Body body) {
    Emitter e = Emitter.into(tf);
    Signature.Builder signature = Signature.builder();
    List<Output<?>> given =
        state.stream()
            .<Output<?>>map(
                value ->
                    e.op("Placeholder")
                        .attr("dtype", value.dataType())
                        .attr("shape", value.shape())
                        .out())
            .toList();
    for (int i = 0; i < given.size(); i++) {
      signature.input("in" + i, given.get(i));
    }
    List<Output<?>> results = body.apply(e, given);
    for (int i = 0; i < results.size(); i++) {
      signature.output("out" + i, results.get(i));
    }
    return signature.build();
  }

  private interface Body {
    List<Output<?>> apply(Emitter e, List<Output<?>> state);
  }

  /**
   * How likely each class is in each step, {@code (batch, steps, classes)}, by all states that emit
   * it; what is filled up emits nothing.
   */
  private Output<?> found(Output<?> labels, Output<?> logits, Output<?> likely) {
    Output<?> shares = m.apply("Exp", m.sub(likely, m.logSumExp(likely, 2)));
    Output<?> byBatch = m.apply("Transpose", shares, e.vector(1, 0, 2));
    Output<?> blank = m.apply("ZerosLike", labels);
    Output<?> filled = m.apply("Equal", labels, blank);
    Output<?> named = m.where(filled, e.scalar(-1), labels);
    Output<?> emitted = padded(padded(rows(named, blank), e.scalar(0), 1, 0), e.scalar(-1), 1, 0);
    Output<?> classes = m.apply("OneHot", emitted, size(logits, 2), m.scalar(1), m.scalar(0));
    return m.apply("BatchMatMulV2", byBatch, classes);
  }
}
