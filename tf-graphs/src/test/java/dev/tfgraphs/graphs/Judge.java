package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.get;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.Initializer;
import dev.tfgraphs.ops.Initializer.Distribution;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs a case as Keras has run it and compares, stage by stage.
 *
 * <p>Where a step's loss is asked for, roundings alone move it by less than a tenth of the
 * tolerance: other cases are not steady and do not count. Metrics, and what 20 steps and a fit
 * leave behind, may depend more on roundings, and are then allowed ten times what a millionth has
 * made of them.
 */
final class Judge implements AutoCloseable {
  /** Where the two part. */
  record Verdict(String stage, String row, String difference) {
    @Override
    public String toString() {
      return stage + ": " + row + ": " + difference;
    }
  }

  private static final double FORWARD = 1e-5;
  private static final double TRAINING = 1e-4;

  /** Roundings of sums of numbers of about 1, where what remains is next to nothing. */
  private static final double NOTHING = 1e-6;

  /**
   * Two builds of TensorFlow may round the last bit of a logarithm otherwise (InitialValuesTest).
   */
  private static final double LAST_BITS = 2.4e-7;

  private static final double SPREADS = 10;

  private final JudgedCase one;
  private final Model model;
  private final Trainer trainer;

  private Judge(JudgedCase one) {
    this.one = one;
    this.model = one.model();
    this.trainer = Trainer.of(model, one.compile(model));
  }

  /** The first difference, if there is one. */
  static Optional<Verdict> judge(JudgedCase one) {
    try (Judge judge = new Judge(one)) {
      return judge.run();
    }
  }

  private Optional<Verdict> run() {
    return firstWeights()
        .or(() -> compare("prediction", predictions(), FORWARD, 0))
        .or(() -> compare("steps", steps(), TRAINING, SPREADS))
        .or(() -> compare("weights", trainer.weights().tensors(), TRAINING, SPREADS))
        .or(() -> compare("evaluation", evaluation(), TRAINING, SPREADS))
        .or(this::fit);
  }

  private Optional<Verdict> fit() {
    if (one.fit().isEmpty()) {
      return Optional.empty();
    }
    History history = trainer.fit(one.data(), one.fit().get());
    Map<String, HostTensor> rows = new LinkedHashMap<>();
    history.metrics().forEach((name, values) -> rows.put(name, series(values)));
    return compare("history", rows, TRAINING, SPREADS)
        .or(() -> compare("weights after fit", trainer.weights().tensors(), TRAINING, SPREADS));
  }

  private Optional<Verdict> firstWeights() {
    Map<String, HostTensor> actual = trainer.weights().tensors();
    Map<String, Weight> weights =
        model.weights().stream().collect(Collectors.toMap(Weight::path, weight -> weight));
    List<String> paths = List.copyOf(one.stage("first weights").keySet());
    if (!paths.equals(List.copyOf(actual.keySet()))) {
      return Optional.of(
          new Verdict("first weights", "paths", "expected " + paths + ", was " + actual.keySet()));
    }
    return one.stage("first weights").entrySet().stream()
        .flatMap(
            row -> {
              Initializer initializer = get(weights, row.getKey()).spec().initializer();
              double slack = exact(initializer) ? 0 : LAST_BITS;
              return differences(
                  "first weights",
                  row.getKey(),
                  row.getValue(),
                  get(actual, row.getKey()),
                  slack,
                  0)
                  .stream();
            })
        .findFirst();
  }

  private static boolean exact(Initializer initializer) {
    return !(initializer instanceof Initializer.Random random)
        || random.draw() instanceof Initializer.RandomUniform
        || (random.draw() instanceof Initializer.VarianceScaling scaling
            && scaling.distribution() == Distribution.UNIFORM);
  }

  private Map<String, HostTensor> predictions() {
    List<HostTensor> values = trainer.predictAll(one.unlabelled());
    ImmutableMap.Builder<String, HostTensor> rows = ImmutableMap.builder();
    for (int i = 0; i < values.size(); i++) {
      rows.put(model.nameOf(model.outputs().get(i).layer()), values.get(i));
    }
    return rows.buildOrThrow();
  }

  private Map<String, HostTensor> steps() {
    Map<String, List<Double>> columns = new LinkedHashMap<>();
    Dataset data = one.data();
    try (Batches batches = data.open(Math.toIntExact(data.samples()), false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        for (int step = 0; step < one.steps(); step++) {
          double rate = trainer.learningRate();
          trainer
              .trainOnBatch(batch)
              .and("learning_rate", rate)
              .asMap()
              .forEach(
                  (name, value) ->
                      columns.computeIfAbsent(name, k -> new ArrayList<>()).add(value));
        }
      }
    }
    Map<String, HostTensor> rows = new LinkedHashMap<>();
    columns.forEach((name, values) -> rows.put(name, series(values)));
    return rows;
  }

  private Map<String, HostTensor> evaluation() {
    Map<String, HostTensor> rows = new LinkedHashMap<>();
    trainer
        .evaluate(one.data().batch(4))
        .asMap()
        .forEach(
            (name, value) ->
                rows.put(name, new HostTensor(Shape.of(), new float[] {value.floatValue()})));
    return rows;
  }

  private static HostTensor series(List<Double> values) {
    return new HostTensor(Shape.of(values.size()), Floats.toArray(values));
  }

  private Optional<Verdict> compare(
      String stage, Map<String, HostTensor> actual, double relative, double spreads) {
    Map<String, JudgedCase.Row> expected = one.stage(stage);
    if (expected.isEmpty() || !expected.keySet().equals(actual.keySet())) {
      return Optional.of(
          new Verdict(
              stage, "names", "expected " + expected.keySet() + ", was " + actual.keySet()));
    }
    return expected.entrySet().stream()
        .flatMap(
            row ->
                differences(
                    stage,
                    row.getKey(),
                    row.getValue(),
                    get(actual, row.getKey()),
                    relative,
                    spreads)
                    .stream())
        .findFirst();
  }

  private static Optional<Verdict> differences(
      String stage,
      String name,
      JudgedCase.Row row,
      HostTensor actual,
      double relative,
      double spreads) {
    HostTensor expected = row.tensor();
    if (!expected.shape().equals(actual.shape())) {
      return Optional.of(
          new Verdict(stage, name, "expected " + expected.shape() + ", was " + actual.shape()));
    }
    float[] values = expected.values();
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    // A series is judged number by number, a tensor by its largest.
    boolean series = !stage.contains("weights") && !stage.equals("prediction");
    for (int i = 0; i < values.length; i++) {
      double size = series ? Math.abs(values[i]) : largest;
      double slack =
          relative == 0
              ? 0
              : Doubles.max(relative * size, spreads * row.spread(), Math.min(NOTHING, relative));
      // so written, not a number is never close
      if (!(Math.abs((double) values[i] - actual.values()[i]) <= slack)) {
        return Optional.of(
            new Verdict(
                stage,
                name,
                "[%d] of %d: expected %s, was %s, allowed %.1e"
                    .formatted(i, values.length, values[i], actual.values()[i], slack)));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    trainer.close();
  }
}
