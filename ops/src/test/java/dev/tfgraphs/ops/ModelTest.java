package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ModelTest {
  private static List<String> names(Model model) {
    return model.layers().stream().map(model::nameOf).toList();
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(ModelException.class, wrong).getMessage());
  }

  @Test
  void automaticNamesCountByClassInTheOrderOfMaking() {
    Node input = input(4, 4, 2);
    Conv2D first = conv2D(2, 1);
    Node second = input.to(conv2D(2, 1));
    assertEquals(
        List.of("input_layer", "conv2d_1", "conv2d", "add"),
        names(Model.of(input, add(second, input.to(first)))));
  }

  @Test
  void everyModelCountsFromTheStart() {
    for (int i = 0; i < 2; i++) {
      Node input = input(3);
      assertEquals(List.of("input_layer", "dense"), names(Model.of(input, input.to(dense(1)))));
    }
  }

  @Test
  void layersOfNestedModelsTakeNumbersInTheOrderOfMakingToo() {
    Node inner = input(4);
    Node x = inner.to(dense(4));
    Dense between = dense(4);
    Model part = Model.of(inner, x.to(dense(4)));
    Node input = input(4);
    Model whole = Model.of(input, input.to(part).to(between));
    assertEquals(List.of("input_layer_1", "functional", "dense_1"), names(whole));
    assertEquals("functional_1", Names.ofModel(whole));
    assertEquals(List.of("input_layer", "dense", "dense_1"), names(part));
  }

  @Test
  void twoLayersOfOneNameAreRefused() {
    Node input = input(3);
    Node x = input.to(dense(3).name("dense_1")).to(dense(3)).to(dense(3));
    assertRefused(
        "model from 'input_layer' to 'dense_1': expected a name of its own for every layer,"
            + " received 'dense_1' for layer 'dense_1' (Dense) and layer Dense (named"
            + " automatically); rename one with name(...)",
        () -> Model.of(input, x));
  }

  @Test
  void blockOfResNet50StandsInItsOrder() {
    Node input = input("in", 8, 8, 4);
    Node shortcut = input.to(conv2D(16, 1).name("0_conv")).to(batchNormalization().name("0_bn"));
    Node x =
        input
            .to(conv2D(4, 1).name("1_conv"))
            .to(batchNormalization().name("1_bn"))
            .to(relu().name("1_relu"))
            .to(conv2D(4, 3).padding(Padding.SAME).name("2_conv"))
            .to(batchNormalization().name("2_bn"))
            .to(relu().name("2_relu"))
            .to(conv2D(16, 1).name("3_conv"))
            .to(batchNormalization().name("3_bn"));
    Node out = merge(Merge.Kind.ADD).name("add").on(shortcut, x).to(relu().name("out"));
    String expected = "in 1_conv 1_bn 1_relu 2_conv 2_bn 2_relu 0_conv 3_conv 0_bn 3_bn add out";
    assertEquals(List.of(expected.split(" ")), names(Model.of(input, out)));
  }

  @Test
  void blockOfResNet50V2StandsInItsOrder() {
    Node input = input("in", 8, 8, 4);
    Node ready = input.to(batchNormalization().name("preact_bn")).to(relu().name("preact_relu"));
    Node shortcut = ready.to(conv2D(16, 1).name("0_conv"));
    Node x =
        ready
            .to(conv2D(4, 1).useBias(false).name("1_conv"))
            .to(batchNormalization().name("1_bn"))
            .to(relu().name("1_relu"))
            .to(zeroPadding2D(1).name("2_pad"))
            .to(conv2D(4, 3).useBias(false).name("2_conv"))
            .to(batchNormalization().name("2_bn"))
            .to(relu().name("2_relu"))
            .to(conv2D(16, 1).name("3_conv"));
    Node out = merge(Merge.Kind.ADD).name("out").on(shortcut, x);
    String expected =
        "in preact_bn preact_relu 1_conv 1_bn 1_relu 2_pad 2_conv 2_bn 2_relu 0_conv 3_conv out";
    assertEquals(List.of(expected.split(" ")), names(Model.of(input, out)));
  }

  @Test
  void callsStandAfterThoseThatTheyNeed() {
    Model model = Networks.named("many_inputs");
    assertEquals(10, model.calls().size());
    for (Call call : model.calls()) {
      int place = model.calls().indexOf(call);
      call.inputs().forEach(node -> assertTrue(model.calls().indexOf(node.call()) < place));
    }
  }

  @Test
  void aSharedLayerHasItsWeightsOnceAndSeveralCalls() {
    Model model = Networks.sharedLayer();
    Layer shared = model.layer("shared");
    assertEquals(3, model.calls().stream().filter(call -> call.layer() == shared).count());
    assertEquals(
        List.of("shared/kernel", "shared/bias", "dense/kernel", "dense/bias"),
        model.weights().stream().map(Weight::path).toList());
    assertEquals(89, model.parameters());
  }

  @Test
  void twoLayersThatLookAlikeShareNothing() {
    Node input = input(8);
    Model model = Model.of(input, input.to(dense(8)).to(dense(8)));
    assertEquals(144, model.parameters());
  }

  @Test
  void aLayerInTwoPlacesWithDifferentWeightsIsRefused() {
    Node input = input(8, 8, 3);
    Conv2D shared = conv2D(4, 1).name("shared");
    Node x = input.to(shared).to(shared);
    assertRefused(
        "layer 'shared' (Conv2D): expected inputs with the same weights wherever it is used,"
            + " received [(None, 8, 8, 3)] and [(None, 8, 8, 4)]",
        () -> Model.of(input, x));
  }

  @Test
  void aSharedModelHasItsWeightsOnce() {
    assertEquals(128, Networks.sharedModel().parameters());
    assertEquals("backbone/stem/kernel", Networks.sharedModel().weights().get(0).path());
  }

  @Test
  void aNestedModelInfersFromItsNewInputs() {
    Node image = input(Shape.UNKNOWN, Shape.UNKNOWN, 3);
    Model part = Model.of(image, image.to(conv2D(4, 3).strides(2)));
    assertEquals(Shape.of(Shape.UNKNOWN, 7, 4, 4), input(16, 9, 3).to(part).shape());
  }

  @Test
  void aModelWithSeveralInputsAndOutputsCanBeAPart() {
    Model part = Networks.multipleInputsOutputs();
    Node image = input(8, 8, 3);
    Node extra = input(5);
    List<Node> both = part.call(List.of(image, extra));
    assertEquals(
        List.of(Shape.of(Shape.UNKNOWN, 3), Shape.of(Shape.UNKNOWN, 1)),
        both.stream().map(Node::shape).toList());
    assertEquals(List.of(0, 1), both.stream().map(Node::index).toList());
    Model whole = Model.of(List.of(image, extra), List.of(concatenate(both.toArray(Node[]::new))));
    assertEquals(part.parameters(), whole.parameters());
    assertTrue(whole.summary().contains("functional[0][0],"), whole.summary());
    assertTrue(whole.summary().contains("functional[0][1]"), whole.summary());
    assertTrue(whole.summary().contains("[(None, 3), (None,"), whole.summary());
  }

  @Test
  void anInputThatNoOutputNeedsStays() {
    Node used = input("used", 3);
    Node unused = input("unused", 2);
    Model model = Model.of(List.of(used, unused), List.of(used.to(dense(1))));
    assertEquals(List.of("used", "unused", "dense"), names(model));
  }

  @Test
  void theInputCanBeTheOutput() {
    Node input = input(3);
    assertEquals(List.of("input_layer"), names(Model.of(input, input)));
  }

  @Test
  void aLayerIsFoundByItsName() {
    Model model = Networks.nested();
    assertEquals("Conv2D", model.layer("conv2d").className());
    assertEquals(Shape.of(Shape.UNKNOWN, 16, 16, 4), model.output("conv2d").shape());
    assertRefused(
        "layer 'classifier' (Functional): expected the name of a layer, received 'conv2D'; near:"
            + " conv2d",
        () -> model.layer("conv2D"));
    assertRefused(
        "layer 'classifier' (Functional): expected the name of a layer, received 'something'; there"
            + " are input_layer, backbone, conv2d, add, global_average_pooling2d, dense",
        () -> model.output("something"));
    Node x = input(3);
    Node y = x;
    for (int i = 0; i < 8; i++) {
      y = y.to(relu());
    }
    Model longer = Model.of(x, y);
    assertRefused(
        "layer Functional: expected the name of a layer, received 'something'; there are"
            + " input_layer, activation, activation_1, activation_2, activation_3, activation_4,"
            + " activation_5, activation_6, ... (9)",
        () -> longer.layer("something"));
    Layer stranger = dense(1).name("stranger");
    assertRefused(
        "layer 'classifier' (Functional): expected a layer of this model, received layer 'stranger'"
            + " (Dense)",
        () -> model.nameOf(stranger));
  }

  @Test
  void theOutputOfALayerUsedTwiceIsNotClear() {
    assertRefused(
        "layer Functional: expected layer 'shared' to be used once, received 3 uses",
        () -> Networks.sharedLayer().output("shared"));
  }

  @Test
  void aTapHasOtherOutputsAndTheSameLayers() {
    Model model = Networks.nested().freeze("conv2d");
    Model tap = model.tap("conv2d", "backbone");
    assertEquals(List.of("input_layer", "backbone", "conv2d"), names(tap));
    assertSame(model.layer("conv2d"), tap.layer("conv2d"));
    assertEquals(List.of(model.output("conv2d"), model.output("backbone")), tap.outputs());
    assertEquals(model.frozen(), tap.frozen());
    assertEquals(148, tap.parameters());
  }

  @Test
  void aTapKeepsTheNamesOfTheModel() {
    Node input = input(3);
    Node x = input.to(dense(3));
    Model model = Model.of(input, add(x.to(dense(3)), input.to(dense(3))));
    assertEquals(List.of("input_layer", "dense_2"), names(model.tap("dense_2")));
  }

  @Test
  void aModelNeedsAnInputAndAnOutput() {
    Node input = input(3);
    assertRefused(
        "layer Functional: expected an input and an output, received none",
        () -> Model.of(List.of(input), List.of()));
    assertRefused(
        "layer Functional: expected an input and an output, received none",
        () -> Model.of(List.of(), List.of(input)));
  }

  @Test
  void inputsAreMadeByInputAndGivenOnce() {
    Node input = input("data", 3);
    Node x = input.to(dense(2).name("fc"));
    assertRefused(
        "layer Functional: expected every input once, received [layer 'data' (InputLayer) (None,"
            + " 3), layer 'data' (InputLayer) (None, 3)]",
        () -> Model.of(List.of(input, input), List.of(x)));
    assertRefused(
        "layer Functional: expected inputs made by input(...), received layer 'fc' (Dense) (None,"
            + " 2)",
        () -> Model.of(x, x.to(dense(1))));
    Node other = input(3);
    assertRefused(
        "layer Functional: expected every input that the outputs need, received none of data",
        () -> Model.of(other, add(x, other.to(dense(2)))));
  }

  @Test
  void oneInputAndOneOutputAreOnlyThereWhenThereIsOne() {
    Model model = Networks.multipleInputsOutputs();
    assertRefused(
        "layer Functional: expected a model with one input, received 2 inputs", model::input);
    assertRefused(
        "layer Functional: expected a model with one output, received 2 outputs", model::output);
    Model nested = Networks.nested();
    assertEquals(nested.inputs(), List.of(nested.input()));
    assertEquals(nested.outputs(), List.of(nested.output()));
  }

  @Test
  void aNetworkOfThousandsOfLayersIsBuilt() {
    Model model = Networks.cifarResNet(1202);
    assertEquals(4210, model.layers().size());
    assertEquals(4210, model.calls().size());
    assertEquals(4209, model.summary().lines().filter(line -> line.startsWith("├")).count());
    Node input = input(32, 32, 3);
    Model whole = Model.of(input, input.to(model.freeze()).to(dense(2)));
    assertEquals(model.parameters() + 22, whole.parameters());
  }

  @Test
  void layersThatJoinNodesCanBeNamed() {
    Node input = input("in", 3);
    Node x = input.to(dense(3).name("x"));
    List<Merge> merges =
        List.of(add(), subtract(), multiply(), average(), maximum(), minimum(), concatenate());
    assertEquals(List.of(Merge.Kind.values()), merges.stream().map(Merge::kind).toList());
    assertEquals(List.of("in", "x", "sum"), names(Model.of(input, add().name("sum").on(input, x))));
  }
}
