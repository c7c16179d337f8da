package dev.tfgraphs.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs look}. */
@Command(
    name = "look",
    sortOptions = false,
    description = {
      "Shows what the layers of a network make of an image, as PNG and SVG in a folder: feature"
          + " maps of the last layer of each size, the filters of the first convolution, and by"
          + " Grad-CAM where in the image the network sees its class. --occlusion hides one part of"
          + " the image after the other and shows what the class loses by it.",
      "The image is taken as 'predict' takes it: resized to what the model takes, or an array"
          + " (.npy, .npz) of one image."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " look runs/2025-01-31_12-00-00 seven.png",
      "  " + Shell.LAUNCHED + " look model.keras cat.jpg --class 281 --occlusion",
      "  "
          + Shell.LAUNCHED
          + " look resnet50.weights.h5 cat.jpg --model resnet50 --layers conv2_block3_out"
    })
final class LookCommand implements Callable<Integer> {
  private static final Path LOOKS = Path.of("looks");

  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFile.DESCRIPTION)
  private Path model = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "IMAGE",
      description = "An image (BMP, GIF, JPEG, PNG) or an array (.npy, or .npz of which x counts).")
  private Path image = Path.of("");

  @Mixin private NetworkOption network = new NetworkOption();

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "NAME",
      description =
          "The layers whose feature maps are drawn, parted by commas. Default: the last of each"
              + " size.")
  private List<String> layers = List.of();

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many channels of a layer are drawn at most. Default: ${DEFAULT-VALUE}.")
  private int channels;

  @Option(
      names = "--shared-scale",
      description = "One scale of colours for all channels of a layer, instead of one for each.")
  private boolean sharedScale;

  @Option(
      names = "--class",
      paramLabel = "N|NAME",
      description = "The class that is looked for. Default: the likeliest.")
  private Optional<String> wanted = Optional.empty();

  @Option(
      names = "--grad-cam-layer",
      paramLabel = "NAME",
      description =
          "The layer whose channels Grad-CAM weighs; inside nested models model/layer. Default: the"
              + " last that has more than one place.")
  private Optional<String> camLayer = Optional.empty();

  @Option(
      names = "--occlusion",
      description = "Draw occlusion, too: the network runs once for each place of a square.")
  private boolean occlusion;

  @Option(
      names = "--patch",
      paramLabel = "PIXELS",
      description =
          "The side of that square, of the image as the model takes it. Default: an eighth of the"
              + " image's, at least 2.")
  private Optional<Integer> patch = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "The folder to write. Default: looks/<date>_<time>.")
  private Optional<Path> output = Optional.empty();

  @Option(names = "--quiet", description = "Print the results only, and no progress.")
  private boolean quiet;

  LookCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine line = spec.commandLine();
    Console console = new Console("look", line.getOut(), line.getErr(), quiet);
    Arguments.atLeastOne("--channels", channels);
    patch.ifPresent(side -> Arguments.atLeastOne("--patch", side));
    if (patch.isPresent() && !occlusion) {
      throw new CommandException("--patch: expected together with --occlusion, received alone");
    }
    try (Subjected subject = Subjected.open(model, network.named(), image, console::problem)) {
      Look look = new Look(subject, console, interrupt);
      List<String> chosen = layers.isEmpty() ? look.layers() : look.checked(layers);
      String cam = look.camLayer(camLayer);
      int label = wanted.map(look::label).orElseGet(look::likeliest);
      return RunOutput.run(
          output,
          LOOKS,
          interrupt,
          console,
          folder -> {
            look.printPrediction();
            RunFiles files = new RunFiles(folder.temporary(), console);
            look.drawFeatureMaps(files, chosen, channels, sharedScale);
            look.drawFilters(files);
            look.drawGradCam(files, label, cam);
            if (occlusion) {
              OptionalInt side = patch.map(OptionalInt::of).orElseGet(OptionalInt::empty);
              look.drawOcclusion(files, label, side);
            }
            files.list(folder.publish());
            return interrupt.requested() ? interrupt.exitCode() : 0;
          });
    }
  }
}
