package dev.tfgraphs.examples.gallery;

import static dev.tfgraphs.ops.ActivationFunction.SOFTMAX;
import static dev.tfgraphs.ops.Interpolation.BILINEAR;
import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.conv2D;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.globalAveragePooling2D;
import static dev.tfgraphs.ops.Layers.input;
import static dev.tfgraphs.ops.Layers.relu;
import static dev.tfgraphs.ops.Layers.rescaling;
import static dev.tfgraphs.ops.Layers.upSampling2D;
import static dev.tfgraphs.ops.Padding.SAME;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.examples.Digits;
import dev.tfgraphs.examples.Reading;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.FitOptions;
import dev.tfgraphs.graphs.GradCam;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Occlusion;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Predictor;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Layer;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.pictures.Colormap;
import dev.tfgraphs.pictures.FeatureMaps;
import dev.tfgraphs.pictures.Filters;
import dev.tfgraphs.pictures.HeatOverlay;
import dev.tfgraphs.pictures.Picture;
import dev.tfgraphs.pictures.PixelImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;

/** What layers make of images, and where a network sees a class. */
final class GalleryMaps {
  private static final int INK = 16;

  /** Of the test digits, a 4 that is written plainly. */
  private static final int SHOWN = 2;

  private static final String EARLY = "early";
  private static final String LATE = "late";

  private GalleryMaps() {}

  /** Writes the pictures into a folder; a small network learns the digits for them. */
  static void write(Path folder) {
    writeEdges(folder);
    writeDigit(folder);
  }

  // a photograph through filters for edges

  private static final int ORIENTATIONS = 4;
  private static final int KERNEL = 9;

  private static void writeEdges(Path folder) {
    BufferedImage photo = photo();
    int height = photo.getHeight();
    int width = photo.getWidth();
    float[] values = new float[height * width * 3];
    for (int i = 0; i < height * width; i++) {
      int rgb = photo.getRGB(i % width, i / width);
      for (int channel = 0; channel < 3; channel++) {
        values[3 * i + channel] = (rgb >> (16 - 8 * channel) & 0xff) / 255f;
      }
    }
    HostTensor kernel = gabor();
    Node image = input(height, width, 3);
    Node edges = image.to(conv2D(ORIENTATIONS, KERNEL).padding(SAME).useBias(false).name("gabor"));
    Model model = Model.of(image, edges);
    Weights weights = Weights.of(ImmutableMap.of("gabor/kernel", kernel));
    try (Predictor predictor = Predictor.of(model, weights)) {
      HostTensor pixels = new HostTensor(Shape.of(1, height, width, 3), values);
      Picture maps =
          FeatureMaps.of("gabor", predictor.predict(pixels).get(0))
              .title("What filters for edges make of a photograph")
              .image(new PixelImages(values, height, width, 3, 0, 1))
              .colormap(Colormap.BLUE_RED)
              .sharedScale()
              .columns(2)
              .picture();
      maps.write(folder, "feature-maps-photo");
    }
    Filters.of(kernel).title("Filters for edges").picture().write(folder, "filters-edges");
  }

  private static BufferedImage photo() {
    try (InputStream in = GalleryMaps.class.getResourceAsStream("chelsea.jpg")) {
      return ImageIO.read(Objects.requireNonNull(in, "chelsea.jpg"));
    } catch (IOException e) {
      throw new UncheckedIOException("chelsea.jpg: expected to be readable", e);
    }
  }

  /** Waves under a bell, after Gabor, each turned further; alike for all colours. */
  private static HostTensor gabor() {
    float[] values = new float[KERNEL * KERNEL * 3 * ORIENTATIONS];
    for (int i = 0; i < values.length; i++) {
      double angle = Math.PI * (i % ORIENTATIONS) / ORIENTATIONS;
      int place = i / ORIENTATIONS / 3;
      double x = place % KERNEL - (KERNEL - 1) / 2.0;
      double y = Math.floorDiv(place, KERNEL) - (KERNEL - 1) / 2.0;
      double along = x * Math.cos(angle) + y * Math.sin(angle);
      values[i] = (float) (Math.exp(-(x * x + y * y) / 8) * Math.sin(along * Math.PI / 3) / 12);
    }
    return new HostTensor(Shape.of(KERNEL, KERNEL, 3, ORIENTATIONS), values);
  }

  // a digit through a network that knows digits

  private static void writeDigit(Path folder) {
    Model model = network();
    Weights weights = trained(model);
    HostTensor digit = digit();
    PixelImages drawn = new PixelImages(digit.values(), 8, 8, 1, INK, 0);
    Model tapped = model.tap(EARLY, LATE);
    try (Predictor layers = Predictor.of(tapped, weights.part(tapped))) {
      List<HostTensor> maps = layers.predict(digit);
      FeatureMaps early = FeatureMaps.of(EARLY, maps.get(0)).image(drawn).channels(16);
      FeatureMaps late = FeatureMaps.of(LATE, maps.get(1)).image(drawn).channels(16);
      early.title("An early layer's maps of a 4").picture().write(folder, "feature-maps-early");
      late.title("A late layer's maps of a 4")
          .colormap(Colormap.MAGMA)
          .sharedScale()
          .picture()
          .write(folder, "feature-maps-late");
    }
    Filters filters = Filters.of(weights.get("first/kernel"));
    filters.title("First filters of a network of digits").picture().write(folder, "filters-digits");
    writeHeat(folder, model, weights, digit, drawn);
  }

  private static void writeHeat(
      Path folder, Model model, Weights weights, HostTensor digit, PixelImages drawn) {
    try (Predictor predictor = Predictor.of(model, weights)) {
      HostTensor classes = predictor.predict(digit).get(0).row(0);
      int label = classes.argMax();
      String taken =
          String.format(Locale.ROOT, "%d, %.1f %%", label, 100 * classes.values()[label]);
      HostTensor cam = GradCam.of(model, weights, digit, label);
      HeatOverlay seen = HeatOverlay.of(drawn, cam).title("Grad-CAM: " + taken);
      seen.caption("by layer " + GradCam.layer(model)).picture().write(folder, "grad-cam");
      HostTensor falls = Occlusion.patch(3).stride(1).fill(0).map(predictor, digit, label);
      HeatOverlay lost = HeatOverlay.of(drawn, falls).title("Occlusion: " + taken);
      lost.caption("by how much the probability falls behind a square of 3 \u00d7 3")
          .picture()
          .write(folder, "occlusion");
    }
  }

  private static Model network() {
    Node digits = input(8, 8, 1);
    Node x = digits.to(rescaling(1.0 / INK)).to(upSampling2D(2).interpolation(BILINEAR));
    x = x.to(conv2D(16, 5).padding(SAME).name("first")).to(averaged());
    x = x.to(relu().name(EARLY)).to(conv2D(32, 3).strides(2).padding(SAME));
    x = x.to(averaged()).to(relu()).to(conv2D(32, 3).padding(SAME));
    x = x.to(averaged()).to(relu().name(LATE));
    return Model.of(digits, x.to(globalAveragePooling2D()).to(dense(10).activation(SOFTMAX)));
  }

  /** Averages of a short training. */
  private static Layer averaged() {
    return batchNormalization().momentum(0.9);
  }

  private static Weights trained(Model model) {
    Compile adam = Compile.of(Optimizer.adam(3e-3), Loss.sparseCategoricalCrossentropy()).seed(1);
    try (Trainer trainer = Trainer.of(model, adam)) {
      trainer.fit(Digits.train().dataset(), FitOptions.epochs(6).batchSize(32).verbose(0));
      return trainer.weights();
    }
  }

  private static HostTensor digit() {
    List<HostTensor> batches = new ArrayList<>();
    Reading.batches(
        Digits.test().dataset().take(SHOWN + 1), (images, labels) -> batches.add(images));
    return new HostTensor(Shape.of(1, 8, 8, 1), batches.get(0).row(SHOWN).values());
  }
}
