package dev.tfgraphs.examples;

import dev.tfgraphs.graphs.GraphException;
import dev.tfgraphs.ops.ModelException;
import dev.tfgraphs.savedmodel.SavedModelException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line, {@code ./tfgraphs}. */
@Command(
    name = "tfgraphs",
    description = "Trains residual networks with TensorFlow and runs what they learned.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tfgraphs train                      a ResNet-20 on 1,797 handwritten digits",
      "  ./tfgraphs train --help               what else can be trained, and how",
      "  ./tfgraphs predict runs/2025-01-31_12-00-00 seven.png",
      "  ./tfgraphs doctor                     what this machine has, and what is missing"
    })
final class Main implements Callable<Integer> {
  static final int FAILED = 1;
  static final int REFUSED = 2;

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

  /** Runs the command line and ends the JVM: 0 done, 1 failed, 2 refused, 130 interrupted. */
  public static void main(String[] args) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    int code = commandLine(new Interrupt(), out, err).execute(args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The command line; {@code interrupt} stops a training, the writers take what is printed. */
  static CommandLine commandLine(Interrupt interrupt, PrintWriter out, PrintWriter err) {
    Main main = new Main();
    return new CommandLine(main)
        .addSubcommand(new TrainCommand(interrupt))
        .addSubcommand(new PredictCommand())
        .addSubcommand(new EvaluateCommand())
        .addSubcommand(new SummaryCommand())
        .addSubcommand(new DoctorCommand())
        .setOut(out)
        .setErr(err)
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
    } catch (LinkageError e) {
      CommandLine command = parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
      throw new ExecutionException(
          command,
          "TensorFlow's native library does not load; './tfgraphs doctor' says more: " + e,
          e);
    }
  }

  private static int refuse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    command.getErr().println(prefix(command) + problem(e) + help(command));
    return REFUSED;
  }

  private static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String near =
          unmatched.isUnknownOption()
              ? "unknown option '" + unmatched.getUnmatched().get(0) + "'"
              : (e.getCommandLine().getSubcommands().isEmpty()
                      ? "unexpected argument"
                      : "unknown command")
                  + " '"
                  + unmatched.getUnmatched().get(0)
                  + "'";
      List<String> suggestions = unmatched.getSuggestions();
      return suggestions.isEmpty() ? near : near + "; did you mean " + suggestions.get(0) + "?";
    }
    return firstLine(e);
  }

  private static String help(CommandLine command) {
    return " (see './" + command.getCommandSpec().qualifiedName() + " --help')";
  }

  private int fail(Exception e, CommandLine command) {
    boolean told =
        e instanceof CommandException
            || e instanceof ModelException
            || e instanceof GraphException
            || e instanceof SavedModelException;
    String hint = verbose ? "" : "; run again with --verbose for the stack trace";
    String problem = told ? firstLine(e) : "unexpected failure: " + firstLine(e) + hint;
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
    boolean ours = e instanceof CommandException || e instanceof CommandLine.PicocliException;
    String line = said.lines().findFirst().orElse("");
    return line.isEmpty() ? e.getClass().getSimpleName() : ours ? line : plain(e, line);
  }

  /** Exceptions of the JDK and of TensorFlow often say what, but not what kind of failure. */
  private static String plain(Exception e, String line) {
    boolean spoken = e.getClass().getName().startsWith("dev.tfgraphs.");
    return spoken ? line : e.getClass().getSimpleName() + ": " + line;
  }
}
