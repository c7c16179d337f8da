package dev.tfgraphs.graphs;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The Java side of {@code conformance/judge}: for each line that comes in, the path of a case, one
 * line of JSON goes out: {@code {"agrees": true}}, or where the two part.
 */
public final class ConformanceJudge {
  private ConformanceJudge() {}

  /** Answers until the input ends; an argument names a fault to plant. */
  public static void main(String... args) throws IOException {
    UnaryOperator<JudgedCase> read =
        args.length == 0 ? UnaryOperator.identity() : Fault.named(args[0])::in;
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JudgedCase one = JudgedCase.read(Files.readString(Path.of(line)));
        out.println(answer(read.apply(one)));
      }
    }
  }

  private static JsonObject answer(JudgedCase one) {
    try {
      return answer(Judge.judge(one));
    } catch (RuntimeException failure) { // whatever it is, it is an answer about this case
      String name = failure.getClass().getSimpleName();
      String message = String.valueOf(failure.getMessage());
      return answer(Optional.of(new Judge.Verdict("failure", name, message)));
    }
  }

  private static JsonObject answer(Optional<Judge.Verdict> verdict) {
    JsonObject answer = new JsonObject();
    answer.addProperty("agrees", verdict.isEmpty());
    verdict.ifPresent(
        found -> {
          answer.addProperty("stage", found.stage());
          answer.addProperty("row", found.row());
          answer.addProperty("difference", found.difference());
        });
    return answer;
  }
}
