package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs compare}. */
@Command(
    name = "compare",
    sortOptions = false,
    description = {
      "Trains variants of a residual network side by side, on the same data and from the same"
          + " seeds, and writes a folder: compare.txt (the table that is printed), compare.csv"
          + " (loss and accuracy of every epoch), accuracy and loss (PNG and SVG, a line for each"
          + " network in a band over the seeds).",
      "In the table are the mean test accuracy after the last epoch and the standard deviation over"
          + " the seeds, the best after any epoch, and the seconds of a training. A training that"
          + " diverges counts as diverged, and the others go on.",
      "Given folders of finished runs it trains nothing and writes report.html (a page with table,"
          + " curves and commands) and the curves; runs that differ in their seed alone are one"
          + " training, done several times.",
      "Ctrl-C ends after the current step and writes the trainings that came to their end; a second"
          + " one ends at once."
    },
    footerHeading = "%nVariants, of \"Identity Mappings in Deep Residual Networks\":%n",
    footer = {
      "  residual                 x + F(x), the network of 2015",
      "  plain                    F(x), no shortcuts",
      "  halved                   0.5 x + F(x)",
      "  both-halved              0.5 x + 0.5 F(x)",
      "  exclusive-gating         (1 - g(x)) x + g(x) F(x), as in highway networks",
      "  shortcut-gating          (1 - g(x)) x + F(x)",
      "  convolution              a 1 x 1 convolution of x, and F(x)",
      "  dropout                  half of x, drawn in each step, and F(x)",
      "  bn-after-addition        normalizes the sum, not the branch",
      "  relu-before-addition     the branch ends in a ReLU, the sum does not",
      "  relu-only-pre-activation ReLU before the first convolution",
      "  full-pre-activation      normalization and ReLU before each convolution",
      "",
      "Examples:",
      "  " + Shell.LAUNCHED + " compare                       plain and residual, 20 and 56 deep",
      "  " + Shell.LAUNCHED + " compare residual full-pre-activation --depth 110 --seeds 5",
      "  " + Shell.LAUNCHED + " compare residual dropout --data cifar-10-batches-bin --epochs 60",
      "  " + Shell.LAUNCHED + " compare runs/2025-01-31_12-00-00 runs/2025-01-31_13-00-00"
    })
final class CompareCommand implements Callable<Integer> {
  private static final ImmutableList<String> DEFAULT =
      ImmutableList.of(Variant.PLAIN, Variant.RESIDUAL);

  private static final ImmutableSet<String> RUN_OPTIONS =
      ImmutableSet.of("--output", "--quiet", "--verbose");

  private static final int DIGITS_EPOCHS = 5;
  private static final int DIGITS_SIZE = 8;

  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..*",
      paramLabel = "VARIANT|RUN",
      description =
          "What to train and compare, of those below (default: plain residual), or folders that"
              + " 'train' wrote, to compare them as they are.")
  private List<String> variants = List.of();

  @Option(
      names = "--depth",
      paramLabel = "N",
      split = ",",
      defaultValue = "20,56",
      description =
          "How many layers with weights there are one behind another: 6n + 2, or several, with"
              + " commas. Default: ${DEFAULT-VALUE}.")
  private List<Integer> depths = List.of();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often each is trained, each time from another seed. Default: 3.")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The first seed: of first weights, order and held-out images. The others follow it."
              + " Default: 1.")
  private long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data. Default: " + DIGITS_EPOCHS + " for the digits, else 20.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--image-size",
      paramLabel = "PIXELS",
      description =
          "The side of the squares that the networks see: for the digits a multiple of 8, for"
              + " CIFAR-10 of 32. Default: "
              + DIGITS_SIZE
              + " and 32; for folders the largest of the images, 224 at most.")
  private Optional<Integer> imageSize = Optional.empty();

  @Mixin private TrainingOptions options = new TrainingOptions();

  @Mixin private RunOutput output = new RunOutput();

  @Option(names = "--quiet", description = "Print the table only, and no progress.")
  private boolean quiet;

  CompareCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine line = spec.commandLine();
    Console console = new Console("compare", line.getOut(), line.getErr(), quiet);
    if (variants.stream().anyMatch(CompareCommand::isPlace)) {
      Arguments.requireFonts();
      RunComparison comparison = new RunComparison(runs(), console);
      return output.run(interrupt, console, comparison::run);
    }
    Comparison comparison = comparison(console);
    return output.run(
        interrupt,
        console,
        folder -> {
          options.checkOutside(folder);
          return comparison.run(folder);
        });
  }

  /** No variant is called as a file or folder is. */
  private static boolean isPlace(String name) {
    return !Variant.isOne(name) && Files.exists(Path.of(name));
  }

  private ImmutableList<FinishedRun> runs() {
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      if (!RUN_OPTIONS.contains(given.longestName())) {
        throw new CommandException(
            given.longestName() + ": expected with VARIANT only, received it with RUN");
      }
    }
    return variants.stream()
        .map(name -> FinishedRun.of(Path.of(name)))
        .collect(ImmutableList.toImmutableList());
  }

  private Comparison comparison(Console console) {
    ImmutableList<Subject> subjects = subjects();
    Arguments.atLeastOne("--seeds", seeds);
    boolean digits = options.kind() == DataSource.Kind.DIGITS;
    TrainingPlan plan =
        options.plan(
            subjects.get(0).network(),
            digits ? epochs.or(() -> Optional.of(DIGITS_EPOCHS)) : epochs,
            digits ? imageSize.or(() -> Optional.of(DIGITS_SIZE)) : imageSize,
            seed);
    Arguments.checkSeed(seed + seeds - 1);
    return new Comparison(plan, subjects, seeds, interrupt, console);
  }

  /** Depth by depth, so that what is compared stands together. */
  private ImmutableList<Subject> subjects() {
    List<String> names = variants.isEmpty() ? DEFAULT : variants;
    List<Variant> chosen = names.stream().map(Variant::of).distinct().toList();
    for (int depth : depths) {
      if (depth < 8 || depth % 6 != 2) {
        throw new CommandException("--depth: expected 6n + 2, such as 20, received " + depth);
      }
    }
    return depths.stream()
        .distinct()
        .flatMap(depth -> chosen.stream().map(variant -> new Subject(variant, depth)))
        .collect(ImmutableList.toImmutableList());
  }
}
