package dev.tfgraphs.applications;

import static dev.tfgraphs.ops.Layers.conv2DTranspose;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.depthwiseConv2D;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import org.junit.jupiter.api.Test;

/** {@link NamedNetworkTest} has those of whole networks. */
class MultiplyAddsTest {

  @Test
  void areCountedForEachPlaceThatAKernelGoesOver() {
    Node x = input(5, 4, 3);
    Node spread = x.to(conv2DTranspose(2, 3).strides(2));
    assertEquals(5 * 4 * (3 * 3 * 3 * 2), MultiplyAdds.of(Model.of(x, spread)));
    Node deep = x.to(depthwiseConv2D(2).depthMultiplier(2));
    assertEquals(4 * 3 * (2 * 2 * 3 * 2), MultiplyAdds.of(Model.of(x, deep)));
    assertEquals(5 * 4 * (3 * 7), MultiplyAdds.of(Model.of(x, x.to(dense(7)))));
  }

  @Test
  void thoseOfAModelWithinAModelCount() {
    Node in = input(6);
    Node x = input(6);
    Model part = Model.of(in, in.to(dense(5)));
    assertEquals(6 * 5 + 5 * 2, MultiplyAdds.of(Model.of(x, x.to(part).to(dense(2)))));
  }

  @Test
  void sizesMustBeKnown() {
    Model model = KerasResNet.RESNET50.backbone(Shape.UNKNOWN, 64, 3);
    ModelException thrown = assertThrows(ModelException.class, () -> MultiplyAdds.of(model));
    assertEquals(
        "MultiplyAdds: expected known sizes, received (None, None, 32, 64) at layer 'conv1_conv'"
            + " (Conv2D)",
        thrown.getMessage());
  }
}
