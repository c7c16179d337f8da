package dev.tfgraphs.graphs;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tfgraphs.ops.ActivationFunction;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Padding;
import dev.tfgraphs.ops.Regularizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutsTest {
  /** The layers behind which {@code model} is cut, and what is kept there. */
  private static List<String> cuts(Model model) {
    List<String> calls = new ArrayList<>();
    addCalls(model, "", calls);
    return Cuts.of(model).stream().map(calls::get).toList();
  }

  private static void addCalls(Model model, String path, List<String> calls) {
    for (Call call : model.calls()) {
      String name = path + model.nameOf(call.layer());
      if (call.layer() instanceof Model nested) {
        addCalls(nested, name + "/", calls);
      } else if (!(call.layer() instanceof Input)) {
        calls.add(name + " " + call.outputs().get(0).shape());
      }
    }
  }

  private static Node stem(Node image) {
    return image
        .to(zeroPadding2D(3))
        .to(conv2D(64, 7).strides(2).name("conv1"))
        .to(batchNormalization())
        .to(relu())
        .to(maxPooling2D(3).strides(2).padding(Padding.SAME).name("pool1"));
  }

  private static Node bottleneck(String name, Node x, int filters, int stride, boolean projects) {
    Node y =
        x.to(conv2D(filters, 1).strides(stride))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(filters, 3).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(4 * filters, 1))
            .to(batchNormalization());
    Node shortcut =
        projects ? x.to(conv2D(4 * filters, 1).strides(stride)).to(batchNormalization()) : x;
    return add(y, shortcut).to(reLU().name(name));
  }

  /** Batch normalization and ReLU stand before the convolutions. */
  private static Node preactivated(String name, Node x, int filters, int stride, boolean projects) {
    Node before = x.to(batchNormalization()).to(reLU().name(name + "_preact"));
    Node y =
        before
            .to(conv2D(filters, 1))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(filters, 3).strides(stride).padding(Padding.SAME))
            .to(batchNormalization())
            .to(relu())
            .to(conv2D(4 * filters, 1));
    Node shortcut =
        projects
            ? before.to(conv2D(4 * filters, 1).strides(stride))
            : stride == 1 ? x : x.to(maxPooling2D(1).strides(stride));
    return add(shortcut, y).to(activation(ActivationFunction.LINEAR).name(name));
  }

  private interface Block {
    Node on(String name, Node x, int filters, int stride, boolean projects);
  }

  private static Model resNet50(Block block) {
    Node image = input(224, 224, 3);
    Node x = stem(image);
    int[] blocks = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      for (int i = 0; i < blocks[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        x = block.on("block%d_%d".formatted(stage + 2, i + 1), x, 64 << stage, stride, i == 0);
      }
    }
    return Model.of(image, x.to(globalAveragePooling2D()).to(dense(1000)));
  }

  @Test
  void aResNetIsCutBehindItsStemAndBehindBlocksSoThatPartsAreAboutEqual() {
    assertEquals(
        List.of(
            "pool1 (None, 56, 56, 64)",
            "block2_1 (None, 56, 56, 256)",
            "block2_2 (None, 56, 56, 256)",
            "block2_3 (None, 56, 56, 256)",
            "block3_2 (None, 28, 28, 512)",
            "block4_1 (None, 14, 14, 1024)",
            "block4_6 (None, 14, 14, 1024)"),
        cuts(resNet50(CutsTest::bottleneck)));
    assertEquals(
        List.of(
            "max_pooling2d (None, 56, 56, 64)",
            "activation_2 (None, 56, 56, 64)",
            "activation_6 (None, 28, 28, 128)"),
        cuts(Networks.resNet18(input(224, 224, 3), 10)));
  }

  @Test
  void whatIsPreactivatedForBothWaysIsKeptInPlaceOfWhatItIsMadeOf() {
    assertEquals(
        List.of(
            "block2_1_preact (None, 56, 56, 64)",
            "block2_1 (None, 56, 56, 256)",
            "block2_2 (None, 56, 56, 256)",
            "block3_1_preact (None, 56, 56, 256)",
            "block3_2 (None, 28, 28, 512)",
            "block4_1_preact (None, 28, 28, 512)",
            "block4_5 (None, 14, 14, 1024)"),
        cuts(resNet50(CutsTest::preactivated)));
  }

  private static Node twice(Node x, int filters) {
    for (int i = 0; i < 2; i++) {
      x = x.to(conv2D(filters, 3).padding(Padding.SAME)).to(batchNormalization()).to(relu());
    }
    return x;
  }

  /** Shortcuts lead around all that is deeper. */
  @Test
  void aUNetIsCutOnlyBeforeItsFirstAndBehindItsLastShortcut() {
    Node image = input(64, 64, 3);
    Node first = twice(image, 8);
    Node second = twice(first.to(maxPooling2D(2)), 16);
    Node deepest = twice(second.to(maxPooling2D(2)), 32);
    Node up = twice(concatenate(deepest.to(upSampling2D(2)), second), 16);
    Node last = twice(concatenate(up.to(upSampling2D(2)), first), 8);
    Node classes = last.to(conv2D(2, 1).name("classes"));
    assertEquals(
        List.of("activation_1 (None, 64, 64, 8)", "concatenate_1 (None, 64, 64, 24)"),
        cuts(Model.of(image, classes)));
  }

  @Test
  void nestedModelsAreCutInsideWhereverTheyAreCalled() {
    Node inner = input(32, 32, 8);
    Node deep = inner;
    for (int i = 0; i < 3; i++) {
      deep = Networks.residualBlock(deep, 8, 1);
    }
    Model nested = Model.of(inner, deep).name("nested");
    Node image = input(32, 32, 3);
    Node x =
        image.to(conv2D(8, 3).padding(Padding.SAME)).to(reLU().name("stem")).to(nested).to(nested);
    assertEquals(
        List.of(
            "stem (None, 32, 32, 8)",
            "nested/activation_1 (None, 32, 32, 8)",
            "nested/activation_3 (None, 32, 32, 8)",
            "nested/activation_5 (None, 32, 32, 8)",
            "nested/activation_1 (None, 32, 32, 8)",
            "nested/activation_3 (None, 32, 32, 8)"),
        cuts(Model.of(image, x.to(globalAveragePooling2D()).to(dense(2)))));
  }

  @Test
  void nothingIsCutBehindWhereTheWaysToSeveralOutputsPart() {
    Node image = input(32, 32, 3);
    Node trunk = Networks.residualBlock(Networks.residualBlock(image, 8, 1), 8, 1);
    Node left = Networks.residualBlock(trunk, 8, 1);
    Node right = Networks.residualBlock(trunk, 8, 1);
    Model model =
        Model.of(
            List.of(image),
            List.of(left.to(conv2D(1, 1).name("left")), right.to(conv2D(1, 1).name("right"))));
    assertEquals(
        List.of("activation_1 (None, 32, 32, 8)", "activation_3 (None, 32, 32, 8)"), cuts(model));
  }

  @Test
  void frozenLayersBeforeAllThatTrainDoNotCount() {
    Model model = Networks.resNet18(input(224, 224, 3), 10);
    assertEquals(List.of(), cuts(model.freeze().unfreeze("dense")));
    assertEquals(List.of(), cuts(model.freeze()));
  }

  @Test
  void aResultWithAPenaltyIsKeptWhereOthersAre() {
    Node image = input(32, 32, 3);
    Node x = image.to(conv2D(8, 1).name("stem"));
    for (int i = 0; i < 4; i++) {
      x = Networks.residualBlock(x, 8, 1);
    }
    Node penalized = conv2D(8, 1).activityRegularizer(Regularizer.l2(0.1)).name("penalized").on(x);
    Node sum = add(penalized, x).to(globalAveragePooling2D());
    assertEquals(
        List.of(
            "stem (None, 32, 32, 8)",
            "activation_1 (None, 32, 32, 8)",
            "activation_3 (None, 32, 32, 8)",
            "activation_5 (None, 32, 32, 8)",
            "activation_7 (None, 32, 32, 8)",
            "penalized (None, 32, 32, 8)"),
        cuts(Model.of(image, sum)));
  }
}
