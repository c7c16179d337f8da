package dev.tfgraphs.ops;

import static dev.tfgraphs.ops.Layers.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomLayerTest {
  /** Multiplies each channel by a number of its own, as a user of the library writes it. */
  private static final class ChannelScale extends CustomLayer {
    private double start = 1;

    ChannelScale start(double start) {
      return copy(this, copy -> copy.start = start);
    }

    @Override
    public ChannelScale name(String name) {
      return named(this, name);
    }

    @Override
    public Shape infer(List<Shape> inputs) {
      return image(inputs);
    }

    @Override
    public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
      Shape channels = Shape.of(image(inputs).size(-1));
      return ImmutableList.of(WeightSpec.trainable("scale", channels, Initializer.constant(start)));
    }
  }

  @Test
  void aUsersOwnLayerIsALayerLikeOthers() {
    Node input = input(8, 8, 3);
    Node x = input.to(new ChannelScale()).to(new ChannelScale().start(0.5).name("half"));
    Model model = Model.of(input, x.to(new ChannelScale()));
    assertEquals(
        List.of("channel_scale/scale", "half/scale", "channel_scale_1/scale"),
        model.weights().stream().map(Weight::path).toList());
    assertEquals(9, model.parameters());
    assertEquals(Initializer.constant(0.5), model.weights().get(1).spec().initializer());
  }

  @Test
  void itsErrorsNameIt() {
    ModelException e = assertThrows(ModelException.class, () -> input(3).to(new ChannelScale()));
    assertEquals(
        "layer ChannelScale: expected an input (batch, height, width, channels), received (None,"
            + " 3)",
        e.getMessage());
  }

  @Test
  void twoWeightsOfOneNameAreRefused() {
    CustomLayer twice =
        new CustomLayer() {
          @Override
          public String className() {
            return "Twice";
          }

          @Override
          public Layer name(String name) {
            return named(this, name);
          }

          @Override
          public Shape infer(List<Shape> inputs) {
            return only(inputs);
          }

          @Override
          public ImmutableList<WeightSpec> weights(List<Shape> inputs) {
            WeightSpec weight = WeightSpec.trainable("w", Shape.of(1), Initializer.ones());
            return ImmutableList.of(weight, weight);
          }
        };
    ModelException e = assertThrows(ModelException.class, () -> input(3).to(twice));
    assertEquals(
        "layer Twice: expected weights with names of their own, received 'w' twice",
        e.getMessage());
  }

  @Test
  void aClassWithoutANameIsRefusedUnlessItsLayerHasOne() {
    CustomLayer anonymous =
        new CustomLayer() {
          @Override
          public Layer name(String name) {
            return named(this, name);
          }

          @Override
          public Shape infer(List<Shape> inputs) {
            return only(inputs);
          }
        };
    Node input = input(3);
    ModelException e =
        assertThrows(ModelException.class, () -> Model.of(input, input.to(anonymous)));
    assertEquals(
        "layer of "
            + anonymous.getClass()
            + ": expected a class name of letters, digits, '_', '.' and '-', not starting with '_'"
            + " or '-', received ''; override className()",
        e.getMessage());
    assertEquals(2, Model.of(input, input.to(anonymous.name("mine"))).layers().size());
  }
}
