package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;

import dev.tfgraphs.graphs.data.ArrayDataset;
import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A fit that is backed up: convolutions, batch normalization and dropout, shuffled, the last batch
 * of each epoch smaller, judged. As a program it prints the hash of what it has learned.
 */
public final class Resuming {
  static final int EPOCHS = 4;
  static final int STEPS = 4;

  private Resuming() {}

  /** Backs up into the folder given, as often as its second argument says. */
  public static void main(String... arguments) {
    try (Trainer trainer = trainer(momentum(), 7)) {
      BackupAndRestore backup = BackupAndRestore.in(Path.of(arguments[0])).saveFrequency(1);
      int epochs = Integer.parseInt(arguments[1]);
      trainer.fit(data(), options(epochs).callback(backup));
      System.out.println(hash(trainer.weights()));
    }
  }

  static Optimizer momentum() {
    return Optimizer.sgd(0.05).momentum(0.9);
  }

  static Optimizer cosine() {
    return Optimizer.adam(Schedule.cosineDecay(0.01, (long) EPOCHS * STEPS));
  }

  static Trainer trainer(Optimizer optimizer, long seed) {
    Node input = input(8, 8, 3);
    Node x =
        input
            .to(conv2D(8, 3).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(dropout(0.3));
    Node y = add(x, x.to(conv2D(8, 3).padding(Padding.SAME)).to(batchNormalization()));
    Node head = y.to(globalAveragePooling2D()).to(dropout(0.2));
    return Trainer.of(
        Model.of(input, head.to(dense(4).activation(ActivationFunction.SOFTMAX))),
        Compile.of(optimizer, Loss.sparseCategoricalCrossentropy(), Metric.accuracy()).seed(seed));
  }

  /** Four batches of five, the last of three, and seven samples to judge by. */
  static ArrayDataset data() {
    return SmallNet.data(18, "class");
  }

  static FitOptions options(int epochs) {
    return FitOptions.epochs(epochs)
        .batchSize(5)
        .verbose(0)
        .validation(SmallNet.data(7, "class").batch(4));
  }

  static String hash(Weights weights) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (HostTensor tensor : weights.tensors().values()) {
        ByteBuffer bytes =
            ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        digest.update(bytes.array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** What a killed fit throws, in place of a killed process. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A callback that ends the program, as it were, after a step of an epoch. */
  static Callback killAfter(int epoch, int step) {
    return Callback.onBatchEnd(
        (fit, batch) -> {
          if (fit.epoch() == epoch && batch == step) {
            throw new Killed();
          }
        });
  }

  static List<String> optimizers() {
    return List.of("momentum", "cosine");
  }

  static Optimizer optimizer(String name) {
    return name.equals("momentum") ? momentum() : cosine();
  }
}
