package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResNet18.resNet18;

import com.google.common.primitives.Floats;
import dev.tfgraphs.graphs.GradientNorms;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Slide 2: how strong gradients arrive at each weight. */
final class VanishingGradients {
  public static void main(String[] args) {
    Random random = new Random(1);
    List<Double> pixels = Stream.generate(random::nextGaussian).limit(224 * 224 * 3).toList();
    HostTensor input = new HostTensor(Shape.of(1, 224, 224, 3), Floats.toArray(pixels));
    // the mean of what a softmax makes is 1/1000, whatever the weights are
    Model model = resNet18(1000, 224, 224, 3).tap("global_average_pooling2d");
    visualizeGradients(model, input);
  }

  static void visualizeGradients(Model model, HostTensor input) {
    GradientNorms norms = GradientNorms.ofOutputs(model, Weights.initial(model, 42), input);
    norms.byWeight().forEach((name, norm) -> System.out.println(name + " gradient norm: " + norm));
  }
}
