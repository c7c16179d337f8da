package dev.tfgraphs.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The standard output, which remembers what {@link PrintWriter} would forget: that it is full. */
final class StandardOutput {
  private static final class Remembering extends FilterOutputStream {
    private Optional<IOException> failure = Optional.empty();

    Remembering() {
      super(new FileOutputStream(FileDescriptor.out));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        out.write(bytes, from, count);
      } catch (IOException e) {
        failure = Optional.of(failure.orElse(e));
        throw e;
      }
    }
  }

  private final Remembering bytes = new Remembering();
  private final PrintWriter writer = new PrintWriter(bytes, true, StandardCharsets.UTF_8);

  PrintWriter writer() {
    return writer;
  }

  /**
   * What a program ends with that would have ended with {@code code}: with its own code if all was
   * written or it failed already; quietly, as after the signal, if the reader went away ({@code |
   * head}); else with 1 and a line on {@code err}.
   */
  int exitCode(int code, PrintWriter err) {
    writer.flush();
    if (bytes.failure.isEmpty() || code != 0) {
      return code;
    }
    String reason = String.valueOf(bytes.failure.get().getMessage());
    if (reason.equals("Broken pipe")) {
      return Main.READER_GONE;
    }
    err.println("tfgraphs: standard output: expected to be written, but: " + reason);
    return Main.FAILED;
  }
}
