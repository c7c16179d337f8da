package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs predict}. */
@Command(
    name = "predict",
    sortOptions = false,
    description = {
      "Says what a network takes images for: the three likeliest classes of each. Of a network that"
          + " takes or gives something else it says the shapes, and --output writes the numbers.",
      "Images are resized to what the model takes. An array holds what the model takes, (count,"
          + " height, width, channels) or a single image: raw pixels, 0 to 255, for models that"
          + " 'train' wrote, 0 (paper) to 16 (ink) for the one of the digits. Pixels of images are"
          + " 0 to 255 for every model.",
      "Standard output takes a line for each sample, standard error one for each input that cannot"
          + " be read; the others are predicted for, and the exit code is then 2."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " predict runs/2025-01-31_12-00-00 cat.jpg dog.png photos",
      "  "
          + Shell.LAUNCHED
          + " predict runs/2025-01-31_12-00-00/model/1 images.npy --output probabilities.npy",
      "  " + Shell.LAUNCHED + " predict model.keras data.npz --output predictions.npy"
    })
final class PredictCommand implements Callable<Integer> {
  private static final int BATCH = 32;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFile.DESCRIPTION)
  private Path model = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "INPUT",
      description =
          "Images (BMP, GIF, JPEG, PNG), arrays (.npy, or .npz of which x counts) and folders, in"
              + " any order. Of a folder the images count, in it and in all folders below. A model"
              + " of several inputs takes one .npz with x_<input> for each.")
  private List<Path> inputs = List.of();

  @Mixin private NetworkOption network = new NetworkOption();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Write all predictions as a .npy file, float32 (count, ...); of a model with several"
              + " outputs a .npz file with an array for each.")
  private Optional<Path> output = Optional.empty();

  @Override
  public Integer call() {
    Optional<OutputFile> written =
        output.map(file -> new OutputFile("--output", file).check(".npy", ".npz"));
    try (ModelFile opened = ModelFile.open(model, network.named())) {
      opened.note().ifPresent(this::say);
      written.ifPresent(file -> checkOutput(file, opened));
      Optional<ModelInput> images = ModelInput.ifImages(opened);
      return images.isPresent()
          ? ofImages(opened, images.get(), written)
          : ofArrays(opened, written);
    }
  }

  private void checkOutput(OutputFile file, ModelFile opened) {
    file.check(opened.outputs().size() == 1 ? ".npy" : ".npz");
    file.checkIsNot("MODEL", ModelFolder.place(model));
    inputs.stream().filter(Inputs::isArray).forEach(input -> file.checkIsNot("INPUT", input));
    opened.checkOutputNames();
  }

  private int ofImages(ModelFile opened, ModelInput input, Optional<OutputFile> written) {
    if (inputs.stream().anyMatch(path -> !Inputs.isArray(path)) && !input.remark().isEmpty()) {
      say("Note: " + input.remark() + ".");
    }
    List<HostTensor> predictions = new ArrayList<>();
    Inputs samples = new Inputs(input, part -> predictions.add(predicted(opened, part)), this::say);
    samples.read(inputs);
    if (!predictions.isEmpty()) {
      written.ifPresent(
          file -> Predictions.write(file, opened, List.of(Tensors.joined(predictions))));
    }
    return samples.problems() == 0 ? 0 : leftOut(samples.problems(), predictions);
  }

  private void say(String what) {
    spec.commandLine().getErr().println("tfgraphs predict: " + what);
  }

  private int leftOut(int problems, List<HostTensor> predictions) {
    int count = predictions.stream().mapToInt(Tensors::count).sum();
    if (count > 0) {
      say(
          problems
              + (problems == 1 ? " input" : " inputs")
              + " left out"
              + output.map(file -> "; " + file + " has the printed " + count).orElse(""));
    }
    return Main.REFUSED;
  }

  private HostTensor predicted(ModelFile opened, Inputs.Part part) {
    HostTensor predictions = opened.predict(List.of(part.images()), BATCH).get(0);
    print(part.names(), predictions, opened.classNames());
    return predictions;
  }

  private void print(List<String> names, HostTensor predictions, ImmutableList<String> classes) {
    Predictions.lines(names, predictions, classes).forEach(spec.commandLine().getOut()::println);
  }

  /** The numbers themselves, of a model that is no classifier of images. */
  private int ofArrays(ModelFile opened, Optional<OutputFile> written) {
    if (inputs.size() != 1 || !Inputs.isArray(inputs.get(0))) {
      throw new CommandException(
          "INPUT: expected one .npy or .npz for a model that takes %s and gives %s, received %s"
              .formatted(
                  ModelFile.shapes(opened.inputs()),
                  ModelFile.shapes(opened.outputs()),
                  inputs.size() == 1 ? "'" + inputs.get(0) + "'" : inputs.size() + " inputs"));
    }
    Path file = inputs.get(0);
    List<HostTensor> all = opened.predict(ArrayData.inputs(file, opened.inputs()), BATCH);
    if (opened.classes().isPresent()) {
      HostTensor rows = all.get(0);
      List<String> names =
          IntStream.range(0, Tensors.count(rows)).mapToObj(i -> file + "[" + i + "]").toList();
      print(names, rows, opened.classNames());
    } else {
      for (int i = 0; i < all.size(); i++) {
        spec.commandLine()
            .getOut()
            .println(opened.outputs().get(i).name() + "  " + all.get(i).shape());
      }
    }
    written.ifPresent(target -> Predictions.write(target, opened, all));
    return 0;
  }
}
