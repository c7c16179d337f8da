package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.GradCam;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Occlusion;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Terminal;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Call;
import dev.tfgraphs.ops.Conv2D;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import dev.tfgraphs.pictures.FeatureMaps;
import dev.tfgraphs.pictures.Filters;
import dev.tfgraphs.pictures.HeatOverlay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** What {@code look} computes and draws. */
final class Look {
  private final Subjected subject;
  private final Console console;
  private final Interrupt interrupt;
  private final HostTensor predicted;

  Look(Subjected subject, Console console, Interrupt interrupt) {
    this.subject = subject;
    this.console = console;
    this.interrupt = interrupt;
    this.predicted = subject.predicted();
  }

  /** The last layer of each size, from the first convolution on, but those of one place. */
  List<String> layers() {
    return lastOfEachSize(subject.model());
  }

  /** Those of {@link #layers} of a model. */
  static List<String> lastOfEachSize(Model model) {
    Map<List<Integer>, String> last = new LinkedHashMap<>();
    boolean begun = false;
    for (Call call : model.calls()) {
      begun |= call.layer() instanceof Conv2D || call.layer() instanceof Model;
      Shape made = call.outputs().get(0).shape();
      if (begun && made.rank() == 4 && (made.size(1) != 1 || made.size(2) != 1)) {
        last.put(List.of(made.size(1), made.size(2)), model.nameOf(call.layer()));
      }
    }
    return List.copyOf(last.values());
  }

  /** What layers make of an image, by their names; all run together. */
  static ImmutableMap<String, HostTensor> maps(
      Model model, Weights weights, HostTensor image, List<String> layers) {
    Model tapped = model.tap(layers.toArray(String[]::new));
    ImmutableMap.Builder<String, HostTensor> maps = ImmutableMap.builder();
    try (Predictor predictor = Predictor.of(tapped, weights.part(tapped))) {
      ImmutableList<HostTensor> made = predictor.predict(image);
      for (int i = 0; i < layers.size(); i++) {
        maps.put(layers.get(i), made.get(i));
      }
    }
    return maps.buildOrThrow();
  }

  /**
   * The layers that {@code --layers} names.
   *
   * @throws CommandException if there is no such layer, it is used several times, or it makes no
   *     maps
   */
  List<String> checked(List<String> names) {
    for (String name : names) {
      Shape made;
      try {
        made = subject.model().output(name).shape();
      } catch (ModelException e) {
        throw new CommandException("--layers: " + e.getMessage(), e);
      }
      if (made.rank() != 4) {
        throw new CommandException(
            "--layers: expected layers that make (batch, height, width, channels), received '"
                + name
                + "', which makes "
                + made);
      }
    }
    return List.copyOf(names);
  }

  /** The layer of Grad-CAM; whether it will do, Grad-CAM says. */
  String camLayer(Optional<String> named) {
    return named.orElseGet(() -> GradCam.layer(subject.model()));
  }

  int likeliest() {
    return predicted.argMax();
  }

  /**
   * The class that {@code --class} means.
   *
   * @throws CommandException if there is none
   */
  int label(String wanted) {
    ImmutableList<String> names = subject.opened().classNames();
    int classes = predicted.values().length;
    int named = names.indexOf(wanted);
    boolean number = wanted.matches("\\d{1,9}") && Integer.parseInt(wanted) < classes;
    if (named < 0 && !number) {
      throw new CommandException(
          "--class: expected a number of 0 or more and less than %d%s, received '%s'%s"
              .formatted(
                  classes,
                  names.isEmpty() ? "" : ", or the name of a class",
                  wanted,
                  Arguments.nearest(wanted, names)));
    }
    return named < 0 ? Integer.parseInt(wanted) : named;
  }

  private String title(String what, int label) {
    ImmutableList<String> names = subject.opened().classNames();
    float value = predicted.values()[label];
    boolean percent = Tensors.areProbabilities(predicted.values());
    return String.format(
        Locale.ROOT,
        percent ? "%s of '%s': %s, %.1f %%" : "%s of '%s': %s, %.4f",
        what,
        subject.name(),
        label < names.size() ? names.get(label) : "class " + label,
        percent ? 100 * value : value);
  }

  void printPrediction() {
    HostTensor row = new HostTensor(predicted.shape().batched().with(0, 1), predicted.values());
    Predictions.lines(List.of(subject.name()), row, subject.opened().classNames())
        .forEach(line -> console.result("%s", line));
  }

  /** Each layer is a picture of its own. */
  void drawFeatureMaps(RunFiles files, List<String> layers, int channels, boolean shared) {
    if (layers.isEmpty() || interrupt.requested()) {
      return;
    }
    maps(subject.model(), subject.weights(), subject.image(), layers)
        .forEach(
            (layer, made) -> {
              FeatureMaps drawn =
                  FeatureMaps.of(layer, made)
                      .title("Feature maps of '" + subject.name() + "'")
                      .image(subject.pixels())
                      .channels(channels);
              files.draw(
                  "feature-maps-" + fileName(layer),
                  "what the layer makes of the image",
                  () -> (shared ? drawn.sharedScale() : drawn).picture());
            });
  }

  private static String fileName(String layer) {
    return layer.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  void drawFilters(RunFiles files) {
    Optional<Weight> first =
        subject.model().weights().stream()
            .filter(weight -> weight.layer() instanceof Conv2D)
            .filter(weight -> weight.path().endsWith("/kernel"))
            .findFirst();
    if (first.isEmpty() || interrupt.requested()) {
      return;
    }
    String path = first.get().path();
    String layer = path.substring(0, path.lastIndexOf('/'));
    files.draw(
        "filters",
        "the filters of the first convolution",
        () -> Filters.of(subject.weights().get(path)).title("Filters of " + layer).picture());
  }

  void drawGradCam(RunFiles files, int label, String layer) {
    if (interrupt.requested()) {
      return;
    }
    HostTensor map = GradCam.of(subject.model(), subject.weights(), subject.image(), label, layer);
    files.draw(
        "grad-cam",
        "where the network sees the class",
        () ->
            HeatOverlay.of(subject.pixels(), map)
                .title(title("Grad-CAM", label))
                .caption(
                    "by layer %s, %s \u00d7 %s"
                        .formatted(
                            layer,
                            Integer.toString(map.shape().size(0)),
                            Integer.toString(map.shape().size(1))))
                .picture());
  }

  /** Long: it tells how far it is, and a wish to stop leaves what was drawn before. */
  void drawOcclusion(RunFiles files, int label, OptionalInt patch) {
    if (interrupt.requested()) {
      return;
    }
    Occlusion occlusion =
        patch.isPresent()
            ? Occlusion.patch(patch.getAsInt())
            : Occlusion.ofSize(subject.image().shape());
    HostTensor map;
    try (Predictor predictor = Predictor.of(subject.model(), subject.weights())) {
      map = occlusion.progress(this::progress).map(predictor, subject.image(), label);
    } catch (CancellationException stopped) {
      console.endLine();
      console.result("Interrupted: no occlusion.");
      return;
    }
    console.endLine();
    files.draw(
        "occlusion",
        "what the class loses where the image is hidden",
        () ->
            HeatOverlay.of(subject.pixels(), map)
                .title(title("Occlusion", label))
                .caption("by how much it falls where a square hides the image")
                .picture());
  }

  private void progress(int places, int all) {
    if (interrupt.requested()) {
      throw new CancellationException();
    }
    if (Terminal.isTerminal() && !console.quiet()) {
      console.out().print('\r');
      console.out().print(String.format(Locale.ROOT, "occlusion: %,d of %,d places", places, all));
      console.out().flush();
    }
  }
}
