package dev.tfgraphs.examples;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.applications.MultiplyAdds;
import dev.tfgraphs.applications.NamedNetwork;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Shape;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs models}. */
@Command(
    name = "models",
    sortOptions = false,
    description =
        "Lists the networks of the library: the images that each was published for, its parameters,"
            + " the multiply-adds of one image, and the published weights that fit it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " models",
      "  " + Shell.LAUNCHED + " models --json                       (for programs)"
    })
final class ModelsCommand implements Callable<Integer> {
  private static final String ROW = "%-22s %-13s %11s %8s  %-25s %s";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Prints the list as JSON.")
  private boolean json;

  /** What is told of a network. */
  private record Row(NamedNetwork network, Shape images, long parameters, long multiplyAdds) {
    static Row of(NamedNetwork network) {
      Model model = network.model();
      int[] sizes = model.input().shape().toArray();
      return new Row(
          network,
          Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)),
          model.parameters(),
          MultiplyAdds.of(model));
    }

    String line() {
      return String.format(
          Locale.ROOT,
          ROW,
          network.name(),
          Joiner.on(" x ").join(sizes()),
          String.format(Locale.ROOT, "%,d", parameters),
          String.format(Locale.ROOT, "%.2f G", multiplyAdds / 1e9),
          network.source(),
          network.weights().orElse("-"));
    }

    private List<Integer> sizes() {
      return Arrays.stream(images.toArray()).boxed().toList();
    }

    ImmutableMap<String, Object> entries() {
      ImmutableMap.Builder<String, Object> entries = ImmutableMap.builder();
      entries.put("name", network.name());
      entries.put("input_shape", sizes());
      entries.put("parameters", parameters);
      entries.put("multiply_adds", multiplyAdds);
      entries.put("source", network.source());
      network.weights().ifPresent(file -> entries.put("weights", file));
      return entries.buildOrThrow();
    }
  }

  @Override
  public Integer call() {
    List<Row> rows = NamedNetwork.all().stream().map(Row::of).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(Json.text(ImmutableMap.of("models", rows.stream().map(Row::entries).toList())));
      return 0;
    }
    out.println(
        String.format(
            ROW, "name", "images", "parameters", "mult-add", "source", "published weights"));
    rows.forEach(row -> out.println(row.line()));
    return 0;
  }
}
