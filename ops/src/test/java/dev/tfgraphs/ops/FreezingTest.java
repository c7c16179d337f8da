package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreezingTest {
  private static final List<String> ALL =
      List.of(
          "backbone/stem/kernel",
          "backbone/stem/bias",
          "backbone/stem_bn/gamma",
          "backbone/stem_bn/beta",
          "conv2d/kernel",
          "conv2d/bias",
          "dense/kernel",
          "dense/bias");

  private static List<String> trained(Model model) {
    return model.weights().stream().filter(Weight::trainable).map(Weight::path).toList();
  }

  @Test
  void everythingButMovingAveragesTrainsAtFirst() {
    assertEquals(ALL, trained(Networks.nested()));
    assertEquals(10, Networks.nested().weights().size());
  }

  @Test
  void namedLayersAreFrozenInAnotherModel() {
    Model model = Networks.nested();
    Model frozen = model.freeze("dense", "conv2d");
    assertEquals(ALL.subList(0, 4), trained(frozen));
    assertEquals(ALL, trained(model));
    assertEquals(ImmutableSet.of(model.layer("conv2d"), model.layer("dense")), frozen.frozen());
  }

  @Test
  void aNestedModelIsFrozenWithAllItsLayers() {
    assertEquals(ALL.subList(4, 8), trained(Networks.nested().freeze("backbone")));
  }

  @Test
  void withoutNamesEverythingIsFrozenAndTrainedAgain() {
    assertEquals(List.of(), trained(Networks.nested().freeze()));
    assertEquals(ALL, trained(Networks.nested().freeze().unfreeze()));
  }

  @Test
  void freezingAddsUpAndIsTakenBackByName() {
    Model model = Networks.nested().freeze("backbone").freeze("dense").unfreeze("backbone");
    assertEquals(ALL.subList(0, 6), trained(model));
  }

  @Test
  void whatWasFrozenBeforeItBecameAPartStaysFrozenUntilTheWholeSaysOtherwise() {
    Node input = input(16, 16, 3);
    Node x = input.to(Networks.backbone().freeze("stem"));
    Model whole = Model.of(input, x.to(conv2D(1, 1)));
    List<String> rest =
        List.of("backbone/stem_bn/gamma", "backbone/stem_bn/beta", "conv2d/kernel", "conv2d/bias");
    assertEquals(rest, trained(whole));
    assertEquals(1, whole.frozen().size());
    assertEquals(6, trained(whole.unfreeze("backbone")).size());
  }

  @Test
  void aPartIsFrozenByWhatItSharesWithTheModel() {
    Node input = input(16, 16, 3);
    Node features = input.to(conv2D(4, 3).name("stem"));
    Model backbone = Model.of(input, features);
    Model model = Model.of(input, features.to(flatten()).to(dense(2).name("head")));
    assertEquals(List.of("head/kernel", "head/bias"), trained(model.freeze(backbone)));
    assertEquals(4, trained(model.freeze().unfreeze(backbone.tap("stem"))).size() + 2);
    ModelException e = assertThrows(ModelException.class, () -> model.freeze(Networks.backbone()));
    assertEquals(
        "layer Functional: expected a part that shares layers with this model, received layer"
            + " 'backbone' (Functional)",
        e.getMessage());
  }

  @Test
  void aWrongNameIsRefusedWithNearOnes() {
    ModelException e =
        assertThrows(ModelException.class, () -> Networks.nested().freeze("backbones"));
    assertEquals(
        "layer 'classifier' (Functional): expected the name of a layer, received 'backbones'; near:"
            + " backbone",
        e.getMessage());
  }

  private static List<String> paths(Model model) {
    return model.weights().stream().map(Weight::path).toList();
  }

  @Test
  void aFrozenModelKeepsThePlaceOfItsNameAmongOthers() {
    Model first = unnamed();
    Model second = unnamed();
    Node input = input(3);
    Model free = Model.of(input, add(first.on(input), second.on(input)));
    Model held = Model.of(input, add(first.freeze().on(input), second.on(input)));
    List<String> expected =
        List.of(
            "functional/dense/kernel",
            "functional/dense/bias",
            "functional_1/dense/kernel",
            "functional_1/dense/bias");
    assertEquals(expected, paths(free));
    assertEquals(expected, paths(held));
    assertEquals(expected.subList(2, 4), trained(held));
    assertEquals(
        expected, paths(Model.of(input, add(first.unfreeze().on(input), second.on(input)))));
  }

  private static Model unnamed() {
    Node input = input(3);
    return Model.of(input, input.to(dense(3)));
  }

  @Test
  void whatIsBuiltOnTheNodesOfAFrozenModelIsFrozenByThePart() {
    Model base = unnamed().freeze();
    Model whole = Model.of(base.input(), base.output().to(dense(1).name("head")));
    assertEquals(ImmutableSet.of(), whole.frozen());
    assertEquals(List.of("head/kernel", "head/bias"), trained(whole.freeze(base)));
  }

  @Test
  void noNamesAtAllAreRefused() {
    Model model = Networks.nested();
    ModelException e = assertThrows(ModelException.class, () -> model.freeze(new String[0]));
    assertEquals(
        "layer 'classifier' (Functional): expected names of layers (freeze() freezes all), received"
            + " none",
        e.getMessage());
    e = assertThrows(ModelException.class, () -> model.unfreeze(new String[0]));
    assertEquals(
        "layer 'classifier' (Functional): expected names of layers (unfreeze() unfreezes all),"
            + " received none",
        e.getMessage());
  }

  @Test
  void aSharedInputAloneMakesNoPart() {
    Node input = input(3);
    Model one = Model.of(input, input.to(dense(1)));
    Model other = Model.of(input, input.to(dense(1)));
    String message =
        "layer Functional: expected a part that shares layers with this model, received layer"
            + " Functional";
    assertEquals(message, assertThrows(ModelException.class, () -> one.freeze(other)).getMessage());
    assertEquals(
        message, assertThrows(ModelException.class, () -> one.unfreeze(other)).getMessage());
    assertEquals(ImmutableSet.of(one.layer("dense")), one.freeze().frozen());
  }

  @Test
  void aStarInANameStandsForAnyCharacters() {
    Node input = input(8, 8, 3);
    Node x = input;
    for (String name : List.of("conv1", "conv2_a", "conv2_b", "conv3", "head")) {
      x = x.to(conv2D(2, 1).useBias(false).name(name));
    }
    Model model = Model.of(input, x);
    assertEquals(
        List.of("conv1/kernel", "conv3/kernel", "head/kernel"), trained(model.freeze("conv2_*")));
    assertEquals(List.of("head/kernel"), trained(model.freeze("*conv*")));
    assertEquals(
        List.of("conv2_b/kernel", "head/kernel"),
        trained(model.freeze().unfreeze("c*2*b", "head")));
    assertEquals(
        "layer Functional: expected a pattern of names of layers, received 'stage*', which fits"
            + " none",
        assertThrows(ModelException.class, () -> model.freeze("stage*")).getMessage());
  }

  @Test
  void theLastLayersTrainFromOneOn() {
    Model model = Networks.nested();
    assertEquals(ALL.subList(4, 8), trained(model.freeze().unfreezeFrom("conv2d")));
    assertEquals(ALL, trained(model.freeze().unfreezeFrom("backbone")));
    assertThrows(ModelException.class, () -> model.unfreezeFrom("conv"));
  }
}
