package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.ops.ActivationFunction;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trainer is used by one thread at a time, and says so to another. */
class OneThreadTest {
  private static final Dataset DATA = SmallNet.data(4, "class");
  private static final FitOptions QUIET = FitOptions.epochs(1).batchSize(4).verbose(0);

  private static Trainer trainer() {
    return Trainer.of(
        Networks.smallNet(4, ActivationFunction.SOFTMAX),
        Compile.of(Optimizer.sgd(0.1), Loss.sparseCategoricalCrossentropy()).seed(1));
  }

  @CheckReturnValue
  private static Executable call(String name, Trainer trainer) {
    return switch (name) {
      case "fit" -> () -> trainer.fit(DATA, QUIET).epochs();
      case "evaluate" -> () -> trainer.evaluate(DATA).loss();
      case "predict" -> () -> trainer.predict(DATA).shape();
      case "predictOnBatch" -> () -> onBatch(name, trainer);
      case "step" -> () -> onBatch(name, trainer);
      case "trainOnBatch" -> () -> onBatch(name, trainer);
      case "testOnBatch" -> () -> onBatch(name, trainer);
      case "metrics" -> () -> trainer.metrics().loss();
      case "resetMetrics" -> trainer::resetMetrics;
      case "learningRate" -> () -> assertNotEquals(0, trainer.learningRate());
      case "learningRate(0.5)" -> () -> trainer.learningRate(0.5);
      case "weights" -> () -> trainer.weights().tensors();
      case "assign" -> () -> trainer.assign(trainer.weights());
      case "save" -> () -> trainer.save(Path.of("none"));
      case "restore" -> () -> trainer.restore(Path.of("none"));
      default -> trainer::close;
    };
  }

  private static void onBatch(String name, Trainer trainer) {
    try (Batches batches = DATA.open(4, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        switch (name) {
          case "step" -> assertNotEquals(0, trainer.step(batch));
          case "trainOnBatch" -> assertNotEquals(0, trainer.trainOnBatch(batch).loss());
          case "testOnBatch" -> assertNotEquals(0, trainer.testOnBatch(batch).loss());
          default -> assertNotEquals(0, trainer.predictOnBatch(batch).values().length);
        }
      }
    }
  }

  /** What fails in the thread fails in its future. */
  private static Future<?> started(String name, Runnable what) {
    FutureTask<?> task = new FutureTask<>(what, name);
    new Thread(task, name).start();
    return task;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fit",
        "evaluate",
        "predict",
        "predictOnBatch",
        "step",
        "trainOnBatch",
        "testOnBatch",
        "metrics",
        "resetMetrics",
        "learningRate",
        "learningRate(0.5)",
        "weights",
        "assign",
        "save",
        "restore",
        "close"
      })
  @Timeout(60)
  void anotherThreadIsRefusedWhileOneTrains(String name)
      throws InterruptedException, ExecutionException {
    CountDownLatch training = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    Callback waiting =
        Callback.onBatchEnd(
            (fit, batch) -> {
              training.countDown();
              await(refused);
            });
    try (Trainer trainer = trainer()) {
      Weights weights = trainer.weights();
      Executable call = name.equals("assign") ? () -> trainer.assign(weights) : call(name, trainer);
      Future<?> first = started("first", () -> trainer.fit(DATA, QUIET.callback(waiting)).epochs());
      try {
        training.await();
        assertFails(
            "trainer: expected one thread at a time, received "
                + name.replace("(0.5)", "")
                + " of thread '"
                + Thread.currentThread().getName()
                + "' while 'first' is in fit; wait for that, or give each thread a trainer of its"
                + " own",
            call);
      } finally {
        refused.countDown();
      }
      first.get();
      assertEquals(1, trainer.fit(DATA, QUIET).epochs().size());
    }
  }

  @Test
  void aCallbackDoesNotCloseTheTrainerThatTrains() {
    try (Trainer trainer = trainer()) {
      Callback closing = Callback.onBatchEnd((fit, batch) -> fit.trainer().close());
      assertFails(
          "trainer: expected close when fit has ended, received it in the midst; close it"
              + " afterwards",
          () -> trainer.fit(DATA, QUIET.callback(closing)).epochs());
      assertEquals(1, trainer.fit(DATA, QUIET).epochs().size());
    }
  }

  @Test
  void aCallbackUsesTheTrainerThatTrains() {
    try (Trainer trainer = trainer()) {
      Callback using =
          Callback.onBatchEnd(
              (fit, batch) -> {
                for (String name : new String[] {"evaluate", "predict", "weights", "assign"}) {
                  run(call(name, fit.trainer()));
                }
              });
      assertEquals(1, trainer.fit(DATA, QUIET.callback(using)).epochs().size());
    }
  }

  private static void run(Executable call) {
    try {
      call.execute();
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  @Timeout(60)
  void oneThreadAfterTheOtherIsWelcomeEvenAfterAFailure()
      throws InterruptedException, ExecutionException {
    Callback failing =
        Callback.onBatchEnd(
            (fit, batch) -> {
              throw new Resuming.Killed();
            });
    try (Trainer trainer = trainer()) {
      Future<?> first =
          started(
              "first",
              () -> {
                try {
                  trainer.fit(DATA, QUIET.callback(failing)).epochs();
                } catch (Resuming.Killed expected) {
                  assertEquals(1, trainer.fit(DATA, QUIET).epochs().size());
                }
              });
      first.get();
      assertEquals(1, trainer.fit(DATA, QUIET).epochs().size());
    }
  }
}
