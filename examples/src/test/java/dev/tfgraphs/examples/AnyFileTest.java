package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.KerasModel;
import dev.tfgraphs.savedmodel.KerasModels;
import dev.tfgraphs.savedmodel.SavedModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code predict} and {@code evaluate} of files that 'train' did not write. */
class AnyFileTest {
  /** Of sums of float32 in another order. */
  private static final float TOLERANCE = 1e-5f;

  private static final Splitter NAME = Splitter.on(": ");

  @TempDir private Path folder;

  static Stream<KerasFit> fits() {
    return KerasFit.all();
  }

  @ParameterizedTest
  @MethodSource("fits")
  void predictionsAreThoseOfKeras(KerasFit fit) {
    boolean alone = fit.predictions().size() == 1;
    Path output = folder.resolve(alone ? "p.npy" : "p.npz");
    Cli.run("predict", fit.model(), fit.data(), "--output", output).succeeded();
    if (alone) {
      assertClose(fit.predictions().get(0), Npy.read(output));
      return;
    }
    try (Npz arrays = Npz.open(output)) {
      assertClose(fit.predictions().get(0), arrays.read("kind"));
      assertClose(fit.predictions().get(1), arrays.read("size"));
    }
  }

  private static void assertClose(HostTensor expected, NumpyArray received) {
    assertEquals(expected.shape(), received.shape());
    assertArrayEquals(expected.values(), received.floats(), TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("fits")
  void anEvaluationIsThatOfKeras(KerasFit fit) {
    List<String> lines =
        Cli.run("evaluate", fit.model(), fit.data(), "--batch-size", 8)
            .succeeded()
            .out()
            .lines()
            .toList();
    assertEquals(
        fit.scores().keySet().asList(),
        lines.stream().map(line -> NAME.splitToList(line).get(0)).toList());
    for (String line : lines) {
      List<String> words = NAME.splitToList(line);
      double expected = fit.scores().getOrDefault(words.get(0), Double.NaN);
      double tolerance = TOLERANCE * Math.max(1, expected);
      assertEquals(expected, Double.parseDouble(words.get(1)), tolerance, line);
    }
  }

  @Test
  void whatWasNotCompiledIsJudgedByItsClasses() {
    KerasFit fit = KerasFit.named("images");
    String judged =
        String.format(
            Locale.ROOT,
            "Accuracy: %.2f %%%nLoss: %.4f%nSamples: 20%n",
            100 * fit.scores().getOrDefault("accuracy", Double.NaN),
            fit.scores().getOrDefault("loss", Double.NaN));
    KerasModel whole = KerasModels.load(fit.model());
    Path bare = folder.resolve("bare.keras");
    KerasModels.save(bare, whole.model(), whole.weights());
    assertEquals(judged, Cli.run("evaluate", bare, fit.data()).succeeded().out());
    Path served = folder.resolve("served");
    SavedModels.write(served, whole.model(), whole.weights());
    assertEquals(judged, Cli.run("evaluate", served, fit.data()).succeeded().out());
  }

  @ParameterizedTest
  @EnumSource(TinyModel.Kind.class)
  void everyKindOfFilePredictsTheSame(TinyModel.Kind kind) throws IOException {
    TinyModel tiny = TinyModel.writeTo(folder);
    Path whole = TinyModel.Kind.KERAS.in(folder);
    Path image = folder.resolve("image.npy");
    Npy.write(
        image,
        new HostTensor(
            Shape.of(4, 4), new float[] {1, 2, 3, 4, 0, 0, 0, 0, 5, 1, 0, 2, 4, 3, 0, 1}));
    String expected = Cli.run("predict", whole, image).succeeded().out();
    Object[] arguments =
        switch (kind) {
          case KERAS -> new Object[] {"predict", whole, image};
          case SAVED_MODEL -> new Object[] {"predict", tiny.write(kind, folder), image};
          default -> new Object[] {"predict", tiny.write(kind, folder), image, "--model", whole};
        };
    assertEquals(expected, Cli.run(arguments).succeeded().out());
    assertTrue(
        Pattern.matches(
            Pattern.quote(image + "[0]") + "  class \\d +\\d+\\.\\d %   class \\d .*\n", expected),
        expected);
  }

  @Test
  void otherNumbersThanProbabilitiesAreShownAsTheyAre() {
    KerasFit fit = KerasFit.named("distributions");
    String first = Cli.run("predict", fit.model(), fit.data()).succeeded().out();
    HostTensor row = fit.predictions().get(0).row(0);
    assertTrue(
        first.startsWith(
            String.format(
                Locale.ROOT,
                "%-" + (fit.data() + "[19]").length() + "s  class %d %.4f   class ",
                fit.data() + "[0]",
                row.argMax(),
                row.values()[row.argMax()])),
        first);
  }

  @Test
  void whatGivesNoClassesShowsItsShapes() {
    KerasFit several = KerasFit.named("several");
    assertEquals(
        "kind  (20, 3)\nsize  (20, 1)\n",
        Cli.run("predict", several.model(), several.data()).succeeded().out());
    KerasFit yes = KerasFit.named("resumed");
    assertEquals("yes  (20, 1)\n", Cli.run("predict", yes.model(), yes.data()).succeeded().out());
  }

  @Test
  void imagesOfUnknownScaleAreRemarkedOn() throws IOException {
    Path image = folder.resolve("a.png");
    assertTrue(
        ImageIO.write(new BufferedImage(6, 6, BufferedImage.TYPE_INT_RGB), "png", image.toFile()));
    Cli.Outcome outcome = Cli.run("predict", KerasFit.named("images").model(), image);
    assertEquals(
        "tfgraphs predict: Note: pixels go in as they are in the files, 0 to 255; a model that"
            + " takes others needs arrays.\n",
        outcome.err());
    assertTrue(outcome.out().startsWith(image + "  class "), outcome.out());
    assertEquals(0, outcome.code());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    KerasFit several = KerasFit.named("several");
    KerasFit images = KerasFit.named("images");
    assertRefused(
        "INPUT: expected one .npy or .npz for a model that takes (None, 4) and (None, 2) and gives"
            + " (None, 3) and (None, 1), received 'a.png'",
        "predict",
        several.model(),
        "a.png");
    assertRefused(
        "--output: expected a file that ends in .npz, received 'p.npy'",
        "predict",
        several.model(),
        several.data(),
        "--output",
        "p.npy");
    assertRefused(
        "arrays %s: expected an array of [x, y], asked for 'x_wide'".formatted(images.data()),
        "predict",
        several.model(),
        images.data());
    assertRefused(
        "DATA: expected arrays, or images by --data, received nothing", "evaluate", images.model());
    assertRefused(
        "arrays %s: expected x, y and, if there are weights, sample_weight, received x_narrow,"
                .formatted(several.data())
            + " x_wide, y_kind, y_size",
        "evaluate",
        images.model(),
        several.data());
  }

  @Test
  void labelsThatAreNoClassesAreRefused() throws IOException {
    KerasFit fit = KerasFit.named("images");
    KerasModel whole = KerasModels.load(fit.model());
    Path bare = folder.resolve("bare.keras");
    KerasModels.save(bare, whole.model(), whole.weights());
    NpzFile pixels = NpzFile.of("x", "|u1", "2, 6, 6", "00".repeat(72));
    for (var each :
        ImmutableMap.of(
                pixels.and("y", "|u1", "2,", "0004"),
                "array y of %s: expected class numbers from 0 to 3, received 4.0 in sample 1",
                pixels.and("y", "|u1", "2, 2", "00010100"),
                "array y of %s: expected a class number for each sample, received (2, 2)",
                pixels.and("y", "|u1", "2,", "0001").and("sample_weight", "|u1", "2,", "0101"),
                "arrays %s: expected x, y, received sample_weight, x, y",
                pixels.and("y", "|u1", "1,", "00"),
                "arrays %s: expected as many labels as samples, received 1 and 2")
            .entrySet()) {
      Path file = each.getKey().write(folder.resolve("data.npz"));
      assertRefused(each.getValue().formatted(file), "evaluate", bare, file);
    }
  }

  private static void assertRefused(String message, Object... arguments) {
    Cli.Outcome outcome = Cli.run(arguments);
    assertEquals("tfgraphs " + arguments[0] + ": " + message + "\n", outcome.err());
    assertEquals(Main.REFUSED, outcome.code());
  }
}
