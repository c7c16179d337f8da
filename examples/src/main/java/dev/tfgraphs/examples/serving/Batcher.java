package dev.tfgraphs.examples.serving;

import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Predicts for several requests together. A thread of its own takes the one that has waited
 * longest, and those for the same signature that come soon after it.
 */
final class Batcher implements AutoCloseable {
  private static final long LOOK_MILLIS = 50;

  private final Runner runner;
  private final Limits limits;
  private final BlockingQueue<Job> queue;
  private final Thread worker;
  private @Nullable Job carried;
  private boolean closed;

  Batcher(Runner runner, Limits limits) {
    this.runner = runner;
    this.limits = limits;
    this.queue = new ArrayBlockingQueue<>(limits.waiting());
    this.worker = new Thread(this::work, "batcher");
    worker.setDaemon(true);
    worker.start();
  }

  /** A request and what will come of it; without rows it is predicted alone. */
  private record Job(
      Signature signature,
      ImmutableMap<String, Values> inputs,
      OptionalInt rows,
      CompletableFuture<ImmutableMap<String, Values>> result) {

    static Job of(Signature signature, ImmutableMap<String, Values> inputs) {
      boolean batched =
          signature.inputs().stream().allMatch(Job::isBatched)
              && signature.outputs().stream().allMatch(Job::isBatched)
              && inputs.values().stream().mapToInt(Values::rows).distinct().count() == 1;
      OptionalInt rows =
          batched ? OptionalInt.of(inputs.values().asList().get(0).rows()) : OptionalInt.empty();
      return new Job(signature, inputs, rows, new CompletableFuture<>());
    }

    private static boolean isBatched(SignatureTensor tensor) {
      Optional<Shape> shape = tensor.shape();
      return shape.isPresent() && shape.get().rank() > 0 && shape.get().size(0) == Shape.UNKNOWN;
    }

    /** Whether the rows of both fit into one tensor for each input. */
    boolean isLike(Job other) {
      return signature.name().equals(other.signature.name())
          && inputs.entrySet().stream()
              .allMatch(
                  input -> {
                    Shape shape = input.getValue().shape();
                    Values others = Objects.requireNonNull(other.inputs.get(input.getKey()));
                    return others.shape().with(0, 1).equals(shape.with(0, 1));
                  });
    }
  }

  /**
   * What {@code signature} gives for {@code inputs}; waits for it.
   *
   * @throws RequestException if too many requests wait, or after {@link #close}
   */
  ImmutableMap<String, Values> predict(Signature signature, ImmutableMap<String, Values> inputs) {
    Job job = Job.of(signature, inputs);
    synchronized (this) {
      if (closed) {
        throw new RequestException(RequestException.UNAVAILABLE, "server: is being stopped");
      }
      if (!queue.offer(job)) {
        throw new RequestException(
            RequestException.UNAVAILABLE,
            "server: expected at most %d requests waiting, received one more; try again later"
                .formatted(limits.waiting()));
      }
    }
    try {
      return job.result().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private synchronized boolean isOver() {
    return closed && queue.isEmpty();
  }

  private void work() {
    try {
      while (carried != null || !isOver()) {
        Job first = carried != null ? carried : queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        carried = null;
        if (first != null) {
          predict(first.rows().isPresent() ? gathered(first) : List.of(first));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that
    }
  }

  private List<Job> gathered(Job first) throws InterruptedException {
    List<Job> jobs = new ArrayList<>(List.of(first));
    int rows = first.rows().orElseThrow();
    long end = System.nanoTime() + limits.patience().toNanos();
    while (rows < limits.rows()) {
      Job next = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      if (next.rows().isEmpty()
          || !next.isLike(first)
          || rows + next.rows().getAsInt() > limits.rows()) {
        carried = next;
        break;
      }
      rows += next.rows().getAsInt();
      jobs.add(next);
    }
    return jobs;
  }

  private void predict(List<Job> jobs) {
    if (jobs.size() == 1 || !together(jobs)) {
      jobs.forEach(this::alone);
    }
  }

  private void alone(Job job) {
    try {
      job.result().complete(runner.run(job.signature(), job.inputs()));
    } catch (RuntimeException | Error e) {
      job.result().completeExceptionally(e);
    }
  }

  /** Whether it went well; one bad request fails those that it is predicted with. */
  private boolean together(List<Job> jobs) {
    ImmutableMap<String, Values> outputs;
    int rows = jobs.stream().mapToInt(job -> job.rows().orElseThrow()).sum();
    try {
      outputs = runner.run(jobs.get(0).signature(), joined(jobs));
    } catch (RuntimeException e) {
      return false;
    }
    if (outputs.values().stream().anyMatch(output -> output.rows() != rows)) {
      return false;
    }
    int from = 0;
    for (Job job : jobs) {
      int start = from;
      int end = from + job.rows().orElseThrow();
      job.result()
          .complete(
              outputs.entrySet().stream()
                  .collect(
                      ImmutableMap.toImmutableMap(
                          Map.Entry::getKey, output -> output.getValue().rows(start, end))));
      from = end;
    }
    return true;
  }

  private static Map<String, Values> joined(List<Job> jobs) {
    return jobs.get(0).inputs().keySet().stream()
        .collect(
            Collectors.toMap(
                name -> name,
                name ->
                    Values.joined(
                        jobs.stream()
                            .map(job -> Objects.requireNonNull(job.inputs().get(name)))
                            .toList())));
  }

  /** Takes no more requests, and waits for those that there are. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    Uninterruptibles.joinUninterruptibly(worker);
  }
}
