package dev.tfgraphs.graphs;

import static dev.tfgraphs.graphs.Closeness.assertClose;
import static dev.tfgraphs.ops.Layers.*;
import static dev.tfgraphs.ops.Padding.SAME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.graphs.data.Samples;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.GraphOperation;

/**
 * Of a kernel that is larger than the image only a part is multiplied; that must be the part that
 * it is in the padded image.
 */
class SmallImagesTest {
  private static final int SAMPLES = 6;

  private static Weights trained(int height, int width, Node image, Node convolved) {
    Model model = Model.of(image, convolved.to(flatten()));
    Compile compile = Compile.of(Optimizer.sgd(0.1), Loss.meanSquaredError()).seed(3);
    int outputs = model.output().shape().size(1);
    Dataset data =
        Dataset.of(
            Samples.of(SmallNet.values(SAMPLES * height * width * 4), height, width, 4),
            Samples.of(SmallNet.values(SAMPLES * outputs), outputs));
    try (Trainer trainer = Trainer.of(model, compile)) {
      trainer.fit(data, FitOptions.epochs(3).batchSize(4).shuffle(false).verbose(0));
      return trainer.weights();
    }
  }

  /** Whether it is a part of the kernel that is multiplied, without padding. */
  private static boolean isCut(Model model) {
    try (Workbench bench = new Workbench(model, Mode.TRAINING)) {
      List<GraphOperation> operations = new ArrayList<>();
      bench.emitter().graph().operations().forEachRemaining(operations::add);
      List<String> paddings =
          operations.stream()
              .filter(op -> op.type().equals("Conv2D"))
              .map(op -> op.attributes().getAttrString("padding"))
              .toList();
      assertEquals(1, paddings.size());
      boolean slices =
          operations.stream()
              .anyMatch(
                  op -> op.type().equals("Conv2D") && op.input(1).op().type().equals("Slice"));
      assertEquals(slices ? "VALID" : "SAME", paddings.get(0));
      return slices;
    }
  }

  // Sums over fewer products are rounded otherwise.
  @ParameterizedTest
  @CsvSource({
    // height, width, kernel's, stride, groups, top, bottom, left, right, is the kernel cut
    "1, 1, 3, 3, 1, 1, 1, 1, 1, 1, true",
    "2, 2, 3, 3, 2, 1, 0, 1, 0, 1, true",
    "1, 2, 3, 3, 2, 1, 1, 1, 0, 1, true",
    "1, 1, 7, 7, 2, 1, 3, 3, 3, 3, true",
    "1, 1, 4, 2, 1, 1, 1, 2, 0, 1, true",
    "3, 2, 5, 2, 3, 1, 1, 1, 0, 0, true",
    "1, 1, 3, 3, 1, 2, 1, 1, 1, 1, true",
    "2, 2, 3, 3, 1, 1, 1, 1, 1, 1, false",
  })
  void aKernelLargerThanTheImageTrainsAsOnThePaddedImage(
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int groups,
      int top,
      int bottom,
      int left,
      int right,
      boolean cuts) {
    Node image = input(height, width, 4);
    Conv2D convolution = conv2D(6, kernelHeight, kernelWidth).strides(stride).groups(groups);
    Node same = image.to(convolution.padding(SAME));
    assertEquals(cuts, isCut(Model.of(image, same)));
    Weights cut = trained(height, width, image, same);
    Weights whole =
        trained(
            height,
            width,
            image,
            image.to(zeroPadding2D(top, bottom, left, right)).to(convolution));
    assertClose("kernel", whole.get("conv2d/kernel"), cut.get("conv2d/kernel"), 1e-5, 1e-6);
    assertClose("bias", whole.get("conv2d/bias"), cut.get("conv2d/bias"), 1e-5, 1e-6);
  }
}
