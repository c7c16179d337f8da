package dev.tfgraphs.examples;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs doctor}. */
@Command(
    name = "doctor",
    description = {
      "Says what this machine has, what is missing, and what to do about it.",
      "Exits with 0 unless something is broken without which nothing works."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int FIXES_START = 21;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return report(new Examination(Machine.here()).findings(), spec.commandLine().getOut());
  }

  /** Prints findings; 0, or 1 if one says that something is broken. */
  static int report(List<Finding> findings, PrintWriter out) {
    boolean broken = false;
    for (Finding finding : findings) {
      broken |= finding.state() == Finding.State.BROKEN;
      out.println(
          String.format(
              Locale.ROOT,
              "%-8s %-11s %s",
              finding.state().word(),
              finding.subject(),
              finding.text()));
      finding.fixes().forEach(fix -> out.println(" ".repeat(FIXES_START) + "-> " + fix));
    }
    out.println(broken ? "Something that is needed is broken." : "All that is needed is here.");
    return broken ? Main.FAILED : 0;
  }
}
