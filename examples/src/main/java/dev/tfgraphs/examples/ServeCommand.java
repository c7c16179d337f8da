package dev.tfgraphs.examples;

import dev.tfgraphs.examples.serving.Limits;
import dev.tfgraphs.examples.serving.ModelServer;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.savedmodel.LoadedModel;
import dev.tfgraphs.savedmodel.Signature;
import dev.tfgraphs.savedmodel.SignatureTensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.tensorflow.proto.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./tfgraphs serve}. */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Answers requests as TensorFlow Serving's REST API does, to this machine only, until Ctrl-C"
          + " or the signal TERM (of 'kill', for scripts): to try a model out before TensorFlow"
          + " Serving itself has it.",
      "GET /v1/models/NAME says that it is there, GET /v1/models/NAME/metadata how it is called,"
          + " and POST /v1/models/NAME:predict predicts for \"instances\" or \"inputs\". Images as"
          + " files have them are {\"b64\": \"...\"}, for signatures whose input is called"
          + " ..._bytes alone. Requests that come at once are predicted together."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  " + Shell.LAUNCHED + " serve runs/2025-01-31_12-00-00",
      "  curl http://127.0.0.1:8501/v1/models/model/metadata"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int LAST_PORT = 65_535;

  /** More numbers than these are not typed into a shell. */
  private static final int SHORT = 16;

  private final Interrupt interrupt;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "MODEL", description = ModelFolder.DESCRIPTION)
  private Path model = Path.of("");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8501",
      description = "Where to listen, 0 for any free port. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "How requests call the model. Default: as the folder of its versions.")
  private Optional<String> name = Optional.empty();

  ServeCommand(Interrupt interrupt) {
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (port < 0 || port > LAST_PORT) {
      throw new CommandException("--port: expected 0 to " + LAST_PORT + ", received " + port);
    }
    name.ifPresent(ServeCommand::checkName);
    CountDownLatch stopped = new CountDownLatch(1);
    try (LoadedModel loaded = ModelFolder.load(model);
        ModelServer server = start(loaded)) {
      Interrupt.Listening listening = interrupt.listen(stopped::countDown, () -> {});
      try {
        announce(loaded, server.address());
        stopped.await();
        say("Stopping: requests that have come are answered.");
      } finally {
        listening.close();
      }
    }
    return interrupt.exitCode();
  }

  private static void checkName(String name) {
    if (!name.matches("[\\w.-]+")) {
      throw new CommandException(
          "--name: expected letters, digits, '_', '-' and '.', received '" + name + "'");
    }
  }

  private ModelServer start(LoadedModel loaded) throws IOException {
    Path version = loaded.folder().toAbsolutePath().normalize();
    String number = String.valueOf(version.getFileName());
    boolean numbered = number.matches("\\d{1,18}");
    Path named = numbered ? version.getParent() : version;
    String usual = named == null ? "" : String.valueOf(named.getFileName());
    try {
      return ModelServer.start(
          loaded,
          name.orElse(usual.replaceAll("[^\\w.-]", "_")),
          numbered ? Long.parseLong(number) : 1,
          port,
          Limits.defaults());
    } catch (BindException e) {
      throw new CommandException(
          "--port: expected one that is free, received " + port + ": " + e.getMessage(), e);
    }
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private void announce(LoadedModel loaded, String address) {
    List<Signature> signatures = loaded.signatures();
    say("Serving " + loaded.folder() + " at " + address + " (Ctrl-C ends it).");
    say("Signatures: " + String.join(", ", signatures.stream().map(Signature::name).toList()));
    say("Try:");
    say("  curl " + address + "/metadata");
    signatures.stream()
        .flatMap(signature -> request(signature).stream())
        .findFirst()
        .ifPresent(request -> say("  " + request.replace("ADDRESS", address)));
  }

  /** A prediction to paste, of a signature that takes an image or a few numbers. */
  private static Optional<String> request(Signature signature) {
    if (signature.inputs().size() != 1) {
      return Optional.empty();
    }
    SignatureTensor input = signature.inputs().get(0);
    Shape shape = input.shape().orElse(Shape.of());
    String head = "\"signature_name\": \"" + signature.name() + "\", \"instances\": [";
    if (input.dtype() == DataType.DT_STRING && input.name().endsWith("_bytes")) {
      return Optional.of(
          "echo '{"
              + head
              + "{\"b64\": \"'$(base64 < image.png | tr -d '\\n"
              + "')'\"}]}' | curl -d @- ADDRESS:predict");
    }
    boolean few = shape.rank() == 2 && shape.size(1) > 0 && shape.size(1) <= SHORT;
    return few && input.dtype() == DataType.DT_FLOAT
        ? Optional.of(
            "curl -d '{"
                + head
                + "["
                + String.join(", ", Collections.nCopies(shape.size(1), "0.5"))
                + "]]}' ADDRESS:predict")
        : Optional.empty();
  }
}
