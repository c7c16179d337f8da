package dev.tfgraphs.examples;

import com.google.common.base.Suppliers;
import dev.tfgraphs.examples.report.HtmlPage;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.GradCam;
import dev.tfgraphs.graphs.GradientNorms;
import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.data.Batch;
import dev.tfgraphs.graphs.data.Batches;
import dev.tfgraphs.graphs.data.Dataset;
import dev.tfgraphs.pictures.Diagram;
import dev.tfgraphs.pictures.FeatureMaps;
import dev.tfgraphs.pictures.GradientFlow;
import dev.tfgraphs.pictures.HeatOverlay;
import dev.tfgraphs.pictures.Picture;
import dev.tfgraphs.pictures.PixelImages;
import dev.tfgraphs.savedmodel.ModelFileException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the page of a run shows of the network itself. */
final class NetworkSections {
  private static final int CHANNELS = 16;
  private static final int BATCH = 32;

  private final FinishedRun run;
  private final Console console;

  NetworkSections(FinishedRun run, Console console) {
    this.run = run;
    this.console = console;
  }

  /** Adds what can be seen; of the rest it is said why it cannot. */
  void addTo(HtmlPage page) {
    if (run.file(RunFiles.NETWORK).isEmpty()) {
      page.section("Network").text("Left out: the run has no " + RunFiles.NETWORK + ".");
      return;
    }
    try (DescribedModel network = ModelFile.described(run.folder(), Optional.empty())) {
      Supplier<DataSource> data = Suppliers.memoize(() -> data(network));
      guarded(page, "What the layers make of an image", () -> addMaps(page, network, data.get()));
      guarded(page, "Gradient flow", () -> addGradients(page, network, data.get()));
      console.detail("Drawing the network ...");
      Diagram diagram = Diagram.of(network.model()).detail(Diagram.Detail.BLOCKS);
      // not its picture, whose texts are fitted into boxes by other metrics in an SVG
      page.section("Network").svg(diagram.svg(), "The network, a box for each block.");
    } catch (ModelFileException e) {
      page.section("Network").text("Left out: " + e.getMessage());
    }
  }

  private DataSource data(DescribedModel network) {
    return HeldOut.of(run.folder()).source(network.model().input().shape().size(1));
  }

  /** What cannot be made is left out, and the page says why. */
  private static void guarded(HtmlPage page, String section, Runnable adding) {
    page.section(section);
    try {
      adding.run();
    } catch (CommandException e) {
      page.text("Left out: " + e.reason());
    } catch (GraphException e) {
      page.text("Left out: " + e.getMessage());
    }
  }

  private void addMaps(HtmlPage page, DescribedModel network, DataSource data) {
    console.detail("Looking at what the layers make of an image ...");
    Reading.batches(
        data.test().take(1),
        (image, labels) -> {
          PixelImages pixels = data.kind().pictures(image);
          String label = data.classNames().get(labels[0]);
          HostTensor predicted = network.predict(List.of(image)).get(0);
          page.text(
              "The first of the held-out images: %s, taken for %s."
                  .formatted(label, data.classNames().get(predicted.argMax())));
          Look.maps(network.model(), network.weights(), image, Look.lastOfEachSize(network.model()))
              .forEach(
                  (layer, made) ->
                      page.pixels(
                          FeatureMaps.of(layer, made).image(pixels).channels(CHANNELS).picture(),
                          "Channels of the layer " + layer + "."));
          page.pixels(
              gradCam(network, image, labels[0], pixels, label),
              "Where the network sees the class " + label + ": Grad-CAM.");
        });
  }

  private static Picture gradCam(
      DescribedModel network, HostTensor image, int label, PixelImages pixels, String name) {
    String layer = GradCam.layer(network.model());
    HostTensor map = GradCam.of(network.model(), network.weights(), image, label, layer);
    return HeatOverlay.of(pixels, map)
        .title("Grad-CAM: " + name)
        .caption("by layer " + layer)
        .picture();
  }

  private void addGradients(HtmlPage page, DescribedModel network, DataSource data) {
    console.detail("Measuring gradients ...");
    Compile judged = Compile.of(Optimizer.sgd(0), Loss.sparseCategoricalCrossentropy());
    try (Trainer trainer = Trainer.of(network.model(), judged, network.weights())) {
      GradientNorms norms = norms(trainer, data.test().take(BATCH)).only("kernel");
      page.drawing(
          GradientFlow.bars("Gradients of the kernels", norms),
          "How strong the gradients of the loss of held-out images arrive at each kernel.");
    }
  }

  private static GradientNorms norms(Trainer trainer, Dataset samples) {
    try (Batches batches = samples.open(BATCH, false, 0)) {
      batches.begin(0);
      try (Batch batch = batches.next().orElseThrow()) {
        return GradientNorms.ofLoss(trainer, batch);
      }
    }
  }
}
