package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.applications.ResNets;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrainingLoopTest {
  private static Dataset data(int samples) {
    float[] hot = new float[samples * 10];
    for (int i = 0; i < samples; i++) {
      hot[i * 10 + i % 10] = 1;
    }
    return Dataset.of(Samples.of(new float[samples * 64], 8, 8, 1), Samples.of(hot, 10));
  }

  @Test
  void saysWhatTheSlideSays() {
    Node image = input(8, 8, 1);
    Model model = Model.of(image, ResNets.cifarResNet(image, 8, 10));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      TrainingLoop.trainResNet(model, data(201 * 64), data(8), 1, out);
    }
    assertEquals(
        """

        Start of epoch 1
        Training loss (for one batch) at step 0: N
        Seen so far: 64 samples
        Training loss (for one batch) at step 200: N
        Seen so far: 12864 samples
        Training acc over epoch: N
        Validation acc: N
        """,
        bytes.toString(StandardCharsets.UTF_8).replaceAll("\\d\\.\\d{4}", "N"));
  }
}
