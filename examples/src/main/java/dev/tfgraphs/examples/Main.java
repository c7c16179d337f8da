package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.savedmodel.ModelFileException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line, {@code ./tfgraphs}. */
@Command(
    name = "tfgraphs",
    description = "Trains residual networks with TensorFlow and runs what they learned.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  "
          + Shell.LAUNCHED
          + " train                        a ResNet-20 on 1,797 handwritten digits",
      "  " + Shell.LAUNCHED + " train --help                 what else can be trained, and how",
      "  " + Shell.LAUNCHED + " fit model.keras data.npz --output trained.keras",
      "  " + Shell.LAUNCHED + " predict runs/2025-01-31_12-00-00 seven.png",
      "  "
          + Shell.LAUNCHED
          + " doctor                       what this machine has, and what is missing"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:failed",
      "  2:refused: something asked for is impossible, or an input cannot be read",
      "130:interrupted by Ctrl-C; what was done is written"
    })
final class Main implements Callable<Integer> {
  static final int FAILED = 1;
  static final int REFUSED = 2;

  /** What a shell expects of a program whose output nobody reads any more: 128 and SIGPIPE. */
  static final int READER_GONE = 141;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and exit.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean version;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show what TensorFlow logs, and the stack trace of a failure.")
  private boolean verbose;

  /** The version of this program. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tfgraphs " + version()};
    }
  }

  /** The version that the build wrote into the jar. */
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("(development)");
  }

  /** Runs the command line and ends the JVM with one of the exit codes that the help lists. */
  public static void main(String[] args) {
    StandardOutput out = new StandardOutput();
    PrintWriter err =
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    int code = commandLine(new Interrupt(), out.writer(), err).execute(args);
    System.exit(out.exitCode(code, err));
  }

  /** The command line; {@code interrupt} stops a training, the writers take what is printed. */
  static CommandLine commandLine(Interrupt interrupt, PrintWriter out, PrintWriter err) {
    Main main = new Main();
    return new CommandLine(main)
        .addSubcommand(new TrainCommand(interrupt))
        .addSubcommand(new CompareCommand(interrupt))
        .addSubcommand(new TransferCommand(interrupt))
        .addSubcommand(new FitCommand(interrupt))
        .addSubcommand(new PredictCommand())
        .addSubcommand(new LookCommand(interrupt))
        .addSubcommand(new EvaluateCommand())
        .addSubcommand(new ReportCommand())
        .addSubcommand(new GalleryCommand(interrupt))
        .addSubcommand(new ServeCommand(interrupt))
        .addSubcommand(new ConvertCommand())
        .addSubcommand(new InspectCommand())
        .addSubcommand(new SummaryCommand())
        .addSubcommand(new DiagramCommand())
        .addSubcommand(new ModelsCommand())
        .addSubcommand(new DoctorCommand())
        .addSubcommand(new HelpCommand())
        .registerConverter(Path.class, Arguments::path)
        .setOut(VisibleControls.of(out))
        .setErr(VisibleControls.of(err))
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler((e, args) -> refuse(e))
        .setExecutionExceptionHandler((e, command, parsed) -> main.fail(e, command))
        .setExecutionStrategy(Main::execute);
  }

  /** Called without a command. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return REFUSED;
  }

  private static int execute(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      throw new ExecutionException(
          command(parsed),
          "Java's memory does not hold this ("
              + e.getMessage()
              + "); give it more with JAVA_OPTS=-Xmx8g, for example, or ask for less at once",
          e);
    } catch (LinkageError e) {
      throw new ExecutionException(
          command(parsed),
          "TensorFlow's native library does not load; '"
              + Shell.launcher()
              + " doctor' says more: "
              + e,
          e);
    }
  }

  /** The command that was called, of those whose words came before it. */
  private static CommandLine command(ParseResult parsed) {
    return parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
  }

  private static int refuse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    command.getErr().println(prefix(command) + Arguments.problem(e) + help(command));
    return REFUSED;
  }

  private static String help(CommandLine command) {
    String line = command.getCommandSpec().qualifiedName().replaceFirst("^tfgraphs", "");
    return " (see '" + Shell.launcher() + line + " --help')";
  }

  private int fail(Exception e, CommandLine command) {
    boolean told =
        e instanceof CommandException
            || e instanceof ModelException
            || e instanceof GraphException
            || e instanceof ModelFileException;
    String hint = verbose ? "" : "; run again with --verbose for the stack trace";
    String problem = told ? firstLine(e) + list(e) : "unexpected failure: " + firstLine(e) + hint;
    command.getErr().println(prefix(command) + problem);
    if (verbose) {
      e.printStackTrace(command.getErr());
    }
    return told ? REFUSED : FAILED;
  }

  private static String prefix(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + ": ";
  }

  private static String firstLine(Exception e) {
    String said = Optional.ofNullable(e.getMessage()).orElse("").strip();
    String line = said.lines().findFirst().orElse("");
    return line.isEmpty() ? e.getClass().getSimpleName() : plain(e, line);
  }

  /** The indented lines below the first one: all weights that do not fit, for example. */
  private static String list(Exception e) {
    return String.valueOf(e.getMessage())
        .lines()
        .skip(1)
        .takeWhile(line -> line.startsWith("  "))
        .map(line -> "\n" + line)
        .collect(Collectors.joining());
  }

  /** Exceptions of the JDK and of TensorFlow often say what, but not what kind of failure. */
  private static String plain(Exception e, String line) {
    boolean spoken =
        e.getClass().getName().startsWith("dev.tfgraphs.")
            || e instanceof CommandLine.PicocliException;
    return spoken ? line : e.getClass().getSimpleName() + ": " + line;
  }
}
