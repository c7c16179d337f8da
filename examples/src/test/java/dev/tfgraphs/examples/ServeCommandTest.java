package dev.tfgraphs.examples;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.SavedModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void write() {
    Node x = input("x", 2);
    HostTensor kernel = new HostTensor(Shape.of(2, 1), new float[] {1, 1});
    SavedModels.write(
        folder.resolve("my model"),
        Model.of(x, x.to(dense(1).useBias(false).name("sum"))),
        Weights.of(Map.of("sum/kernel", kernel)));
  }

  /** Comes as soon as somebody listens. */
  private static final class AtOnce extends Interrupt {
    @Override
    Listening listen(Runnable first, Runnable last) {
      request(2);
      first.run();
      return () -> {};
    }
  }

  @Test
  void itSaysWhereItIsAndHowToAskAndEndsInOrder() {
    Path model = folder.resolve("my model");
    Cli.Outcome outcome = Cli.run(new AtOnce(), "serve", model, "--port", 0);
    assertEquals("", outcome.err());
    assertEquals(130, outcome.code());
    String address = outcome.out().replaceFirst("(?s).* at (http://\\S+) .*", "$1");
    assertTrue(address.matches("http://127\\.0\\.0\\.1:\\d+/v1/models/my_model"), address);
    assertEquals(
        List.of(
            "Serving " + model.resolve("1") + " at " + address + " (Ctrl-C ends it).",
            "Signatures: serving_default",
            "Try:",
            "  curl " + address + "/metadata",
            "  curl -d '{\"signature_name\": \"serving_default\", \"instances\": [[0.5, 0.5]]}' "
                + address
                + ":predict",
            "Stopping: requests that have come are answered."),
        outcome.out().lines().toList());
  }

  private static void refused(String message, Object... arguments) {
    Cli.Outcome outcome = Cli.run(new AtOnce(), arguments);
    assertEquals("tfgraphs serve: " + message + "\n", outcome.err());
    assertEquals("", outcome.out());
    assertEquals(2, outcome.code());
  }

  @Test
  void whatCannotBeServedIsRefused() throws IOException {
    Path model = folder.resolve("my model");
    refused(
        "SavedModel " + folder + ": expected saved_model.pb or a numbered folder, found none",
        "serve",
        folder);
    refused("--port: expected 0 to 65535, received 65536", "serve", model, "--port", 65_536);
    refused(
        "--name: expected letters, digits, '_', '-' and '.', received 'a/b'",
        "serve",
        model,
        "--name",
        "a/b");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      refused(
          "--port: expected one that is free, received " + port + ": Address already in use",
          "serve",
          model,
          "--port",
          port);
    }
  }
}
