package dev.tfgraphs.examples.slides;

import static dev.tfgraphs.examples.slides.ResNet18.resNet18;

import com.google.common.primitives.Floats;
import dev.tfgraphs.graphs.GradientNorms;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.pictures.GradientFlow;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Slide 8: how strong gradients arrive at each weight, as bars. */
final class GradientFlowAnalysis {
  public static void main(String[] args) {
    List<Double> pixels = new Random(1).doubles(224 * 224 * 3).boxed().toList();
    HostTensor input = new HostTensor(Shape.of(1, 224, 224, 3), Floats.toArray(pixels));
    // the mean of what a softmax makes is 1/1000, whatever the weights are
    Model model = resNet18(1000, 224, 224, 3).tap("global_average_pooling2d");
    analyzeGradientFlow(model, input, Path.of("gradient-flow.png"));
  }

  static void analyzeGradientFlow(Model model, HostTensor input, Path picture) {
    GradientNorms norms = GradientNorms.ofOutputs(model, Weights.initial(model, 42), input);
    GradientFlow.bars("Gradient Norm per Layer", norms).writePng(picture);
  }
}
