package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.applications.KerasResNet.RESNET50;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.examples.TestImages;
import dev.tfgraphs.graphs.History;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.savedmodel.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferLearningTest {
  @TempDir private Path folder;

  /** Of weights that are all zero there are no features, and only the last bias can learn. */
  @Test
  void trainsOnWhatTheFileHas() throws IOException {
    Path photos = TestImages.folder(folder.resolve("photos"), 5);
    Path weights = folder.resolve("zeros.weights.h5");
    Model base = RESNET50.backbone(32, 32, 3);
    WeightFiles.write(weights, base, zeros(base));
    History history = TransferLearning.train(photos, weights, 32, 2);
    assertEquals(List.of(0), history.epochs());
    // two steps of Adam's 0.001 and one of 0.00001 lift what is right of ten classes so much
    double expected = Math.log(2 * Math.exp(0.00201) + 8 * Math.exp(-0.00201)) - 0.00201;
    assertEquals(expected, history.get("val_loss").get(0), 5e-4);
  }

  private static Weights zeros(Model model) {
    return Weights.of(
        model.weights().stream().collect(ImmutableMap.toImmutableMap(Weight::path, w -> zero(w))));
  }

  private static HostTensor zero(Weight weight) {
    int size = Math.toIntExact(weight.spec().shape().elements());
    return new HostTensor(weight.spec().shape(), new float[size]);
  }
}
