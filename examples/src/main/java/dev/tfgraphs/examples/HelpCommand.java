package dev.tfgraphs.examples;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ./tfgraphs help}, which some try before {@code --help}; it shows the same. */
@Command(
    name = "help",
    description = "Shows this help, or that of a command.",
    footerHeading = "%nExamples:%n",
    footer = {"  " + Shell.LAUNCHED + " help", "  " + Shell.LAUNCHED + " help train"})
final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "A command; all if not given.")
  private String name = "";

  @Override
  public Integer call() {
    CommandLine all = spec.parent().commandLine();
    CommandLine asked = name.isEmpty() ? all : named(all);
    asked.usage(all.getOut());
    return 0;
  }

  private CommandLine named(CommandLine all) {
    return Optional.ofNullable(all.getSubcommands().get(name))
        .orElseThrow(() -> new UnmatchedArgumentException(all, List.of(name)));
  }
}
