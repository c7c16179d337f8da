package dev.tfgraphs.graphs;

import static com.google.common.collect.ImmutableMultiset.toImmutableMultiset;

import com.google.common.collect.ImmutableMultiset;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Input;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.util.Objects;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;

/**
 * Where a network sees a class in an image: Grad-CAM of Selvaraju et al., "Grad-CAM: Visual
 * Explanations from Deep Networks via Gradient-based Localization" (2017). Channels of a late layer
 * are weighted by how much the class's score rises with them, and added up; what speaks against the
 * class is 0.
 *
 * <p>The score is taken before a final softmax or sigmoid, as Keras's example of Grad-CAM does. All
 * is in inference mode.
 */
public final class GradCam {
  private static final String CALL = "Grad-CAM";

  private GradCam() {}

  /**
   * {@return the map {@code (height, width)} of {@link #layer the last layer that has one}, 0 or
   * more; Keras's example divides it by its largest value}
   *
   * @param model with one input of images and one output {@code (batch, classes)}; of several,
   *     {@code model.tap(name)} has one
   * @param weights exactly those of the model
   * @param image {@code (1, height, width, channels)}
   * @param classIndex from 0
   * @throws GraphException if something does not fit, or no layer has places
   */
  public static HostTensor of(Model model, Weights weights, HostTensor image, int classIndex) {
    return of(model, weights, image, classIndex, layer(model));
  }

  /**
   * {@return the map {@code (height, width)} of a layer, 0 or more}
   *
   * @param layer its name; inside nested models {@code model/layer}
   * @throws GraphException as {@link #of(Model, Weights, HostTensor, int)}, or if there is no such
   *     layer, it makes no {@code (batch, height, width, channels)}, it is used several times, or
   *     the class does not depend on it
   */
  public static HostTensor of(
      Model model, Weights weights, HostTensor image, int classIndex, String layer) {
    ClassOutput.check(CALL, model, image, classIndex);
    try (InferenceRun run = new InferenceRun(CALL, model, weights, image)) {
      Output<?> maps = run.lowered().output(layer).asOutput();
      if (maps.shape().numDimensions() != 4) {
        throw new GraphException(
            CALL
                + ": expected a layer that makes (batch, height, width, channels), received '"
                + layer
                + "', which makes "
                + Shapes.fromTensorFlow(maps.shape()));
      }
      Output<?> gradient = gradient(run, classIndex, layer);
      Session.Runner runner = run.runner().fetch(maps).fetch(gradient);
      try (Result result = Runs.run(CALL, runner)) {
        return weighted(HostTensor.of(result.get(0)), HostTensor.of(result.get(1)));
      }
    }
  }

  private static Output<?> gradient(InferenceRun run, int classIndex, String layer) {
    Pass pass = run.lowered().pass();
    Output<?> output = run.lowered().rawOutputs().get(0);
    Output<?> scores = pass.logitsOf(output).map(Pass.Logits::value).orElse(output);
    Emitter e = run.emitter().under("grad_cam");
    Output<?> score =
        e.reduceAll("Sum", e.op("GatherV2").in(scores, e.scalar(classIndex), e.scalar(1)).out());
    return Gradients.of(
            e, score, Objects.requireNonNull(pass.byName().get(layer), layer), pass.byName())
        .orElseThrow(
            () ->
                new GraphException(
                    CALL
                        + ": expected a layer on which the class depends, received '"
                        + layer
                        + "'"));
  }

  /** The channels, each times the mean of its gradient, added up; what is less than 0 is 0. */
  private static HostTensor weighted(HostTensor maps, HostTensor gradient) {
    int height = maps.shape().size(1);
    int width = maps.shape().size(2);
    int channels = maps.shape().size(3);
    double[] importance = new double[channels];
    for (int i = 0; i < gradient.values().length; i++) {
      importance[i % channels] += gradient.values()[i] / (double) (height * width);
    }
    float[] heat = new float[height * width];
    for (int place = 0; place < heat.length; place++) {
      double sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += importance[channel] * maps.values()[place * channels + channel];
      }
      // Math.max keeps what is not a number
      heat[place] = (float) Math.max(0, sum);
    }
    return new HostTensor(Shape.of(height, width), heat);
  }

  /**
   * {@return the layer that Grad-CAM looks at where none is named: the last that makes {@code
   * (batch, height, width, channels)} of more than one place and is used once, which is the one
   * before global pooling; inside nested models {@code model/layer}}
   *
   * @throws GraphException if there is none
   */
  public static String layer(Model model) {
    return last(model, "")
        .orElseThrow(
            () ->
                new GraphException(
                    CALL
                        + ": expected a model with a layer that makes (batch, height, width,"
                        + " channels) of more than one place and is used once, received one"
                        + " without"));
  }

  private static Optional<String> last(Model model, String path) {
    ImmutableMultiset<String> uses =
        model.calls().stream()
            .map(call -> model.nameOf(call.layer()))
            .collect(toImmutableMultiset());
    for (Call call : model.calls().reverse()) {
      String name = model.nameOf(call.layer());
      if (uses.count(name) > 1) {
        continue;
      }
      if (call.layer() instanceof Model nested) {
        Optional<String> inside = last(nested, path + name + "/");
        if (inside.isPresent()) {
          return inside;
        }
      } else if (hasPlaces(call)) {
        return Optional.of(path + name);
      }
    }
    return Optional.empty();
  }

  private static boolean hasPlaces(Call call) {
    Shape made = call.outputs().get(0).shape();
    return !(call.layer() instanceof Input)
        && made.rank() == 4
        && (made.size(1) != 1 || made.size(2) != 1);
  }
}
