package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class ProgressBarTest {

  private static final Map<String, Double> NOTHING = Map.of();
  private static final Map<String, Double> EARLY =
      ordered(Map.entry("accuracy", 0.25), Map.entry("loss", 1.5));
  private static final Map<String, Double> LATE =
      ordered(Map.entry("accuracy", 0.375), Map.entry("loss", 1.0968));
  private static final Map<String, Double> VALIDATED =
      ordered(
          Map.entry("accuracy", 0.375),
          Map.entry("loss", 1.0968),
          Map.entry("val_accuracy", 0.3125),
          Map.entry("val_loss", 1.1091));
  private static final Map<String, Double> NUMBERS =
      ordered(
          Map.entry("a", 0.001),
          Map.entry("b", 0.0010000000000000002),
          Map.entry("c", -0.001),
          Map.entry("d", -0.5),
          Map.entry("e", 0.03125),
          Map.entry("f", 0.09375),
          Map.entry("g", 1.00105),
          Map.entry("h", 0.0),
          Map.entry("i", -0.0),
          Map.entry("j", 1e-100),
          Map.entry("k", Double.NaN),
          Map.entry("l", Double.POSITIVE_INFINITY),
          Map.entry("m", Double.NEGATIVE_INFINITY),
          Map.entry("n", 123456789.125),
          Map.entry("o", 0.000123455),
          Map.entry("p", 0.00099999999));

  /** What Keras 3.15.1 wrote with its clock set by hand: one text for each of its writes. */
  static final List<Scenario> SCENARIOS =
      List.of(
          new Scenario("a whole epoch", 3, 1, 2)
              .step(1.0, 1, EARLY)
              .step(1.0625, 2, LATE)
              .step(1.078125, 3, LATE)
              .end(1.125, VALIDATED)
              .prints(
                  "Epoch 1/2\n",
                  "{cr}{bold}1/3{end} {green}━━━━━━{end}{white}━━━━━━━━━━━━━━{end} {bold}2s{end}"
                      + " 1s/step - accuracy: 0.2500 - loss: 1.5000",
                  "{bs 69}{cr}{bold}2/3{end} {green}━━━━━━━━━━━━━{end}{white}━━━━━━━{end}"
                      + " {bold}0s{end} 62ms/step - accuracy: 0.3750 - loss: 1.0968",
                  "{bs 71}{cr}{bold}3/3{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}1s{end} 62ms/step - accuracy: 0.3750 - loss: 1.0968 - val_accuracy:"
                      + " 0.3125 - val_loss: 1.1091\n"),
          new Scenario("a line that gets shorter", 100, 1, 1)
              .step(0.5, 1, loss(123456.0))
              .step(1.0, 2, loss(0.5))
              .step(100.0, 99, loss(-0.25))
              .end(101.0, loss(0.5))
              .prints(
                  "{cr}{bold}  1/100{end} {white}━━━━━━━━━━━━━━━━━━━━{end} {bold}49s{end}"
                      + " 500ms/step - loss: 123456.0000",
                  "{bs 63}{cr}{bold}  2/100{end} {white}━━━━━━━━━━━━━━━━━━━━{end} {bold}49s{end}"
                      + " 500ms/step - loss: 0.5000     ",
                  "{bs 58}{cr}{bold} 99/100{end} {green}━━━━━━━━━━━━━━━━━━━{end}{white}━{end}"
                      + " {bold}1s{end} 1s/step - loss: -0.2500   ",
                  "{bs 55}{cr}{bold}100/100{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}101s{end} 1s/step - loss: 0.5000\n"),
          new Scenario("hours, minutes and seconds to go", 10000, 1, 1)
              .step(0.5, 1, NOTHING)
              .step(1.0, 2, NOTHING)
              .step(14.0, 20, NOTHING)
              .step(4000.0, 9900, NOTHING)
              .step(4003.5, 9990, NOTHING)
              .end(7201.0, NOTHING)
              .prints(
                  "{cr}{bold}    1/10000{end} {white}━━━━━━━━━━━━━━━━━━━━{end} {bold}1:23:19{end}"
                      + " 500ms/step",
                  "{bs 51}{cr}{bold}    2/10000{end} {white}━━━━━━━━━━━━━━━━━━━━{end}"
                      + " {bold}1:23:19{end} 500ms/step",
                  "{bs 51}{cr}{bold}   20/10000{end} {white}━━━━━━━━━━━━━━━━━━━━{end}"
                      + " {bold}1:58:11{end} 711ms/step",
                  "{bs 51}{cr}{bold} 9900/10000{end} {green}━━━━━━━━━━━━━━━━━━━{end}{white}━{end}"
                      + " {bold}40s{end} 404ms/step    ",
                  "{bs 47}{cr}{bold} 9990/10000{end} {green}━━━━━━━━━━━━━━━━━━━{end}{white}━{end}"
                      + " {bold}4s{end} 401ms/step ",
                  "{bs 46}{cr}{bold}10000/10000{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}7201s{end} 720ms/step\n"),
          new Scenario("exactly an hour and a minute to go", 3601, 1, 1)
              .step(1.0, 1, NOTHING)
              .step(61.0, 61, NOTHING)
              .step(3541.0, 3541, NOTHING)
              .step(3600.5, 3601, NOTHING)
              .end(3601.0, NOTHING)
              .prints(
                  "{cr}{bold}   1/3601{end} {white}━━━━━━━━━━━━━━━━━━━━{end} {bold}60:00{end}"
                      + " 1s/step",
                  "{bs 44}{cr}{bold}  61/3601{end} {white}━━━━━━━━━━━━━━━━━━━━{end}"
                      + " {bold}59:00{end} 1s/step",
                  "{bs 44}{cr}{bold}3541/3601{end} {green}━━━━━━━━━━━━━━━━━━━{end}{white}━{end}"
                      + " {bold}60s{end} 1s/step  ",
                  "{bs 42}{cr}{bold}3601/3601{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}0s{end} 1000ms/step",
                  "{bs 45}{cr}{bold}3601/3601{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}3601s{end} 1s/step \n"),
          new Scenario("microseconds a step", 1000, 1, 1)
              .step(0.0005, 1, NOTHING)
              .step(0.25, 500, NOTHING)
              .end(0.375, NOTHING)
              .prints(
                  "{cr}{bold}   1/1000{end} {white}━━━━━━━━━━━━━━━━━━━━{end} {bold}0s{end}"
                      + " 500us/step",
                  "{bs 44}{cr}{bold} 500/1000{end} {green}━━━━━━━━━━{end}{white}━━━━━━━━━━{end}"
                      + " {bold}0s{end} 500us/step",
                  "{bs 44}{cr}{bold}1000/1000{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}0s{end} 375us/step\n"),
          new Scenario("two and a half seconds", 2, 1, 1)
              .step(0.25, 1, NOTHING)
              .end(2.5, NOTHING)
              .prints(
                  "{cr}{bold}1/2{end} {green}━━━━━━━━━━{end}{white}━━━━━━━━━━{end} {bold}0s{end}"
                      + " 250ms/step",
                  "{bs 38}{cr}{bold}2/2{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}2s{end} 2s/step   \n"),
          new Scenario("three and a half seconds", 2, 1, 1)
              .step(0.25, 1, NOTHING)
              .end(3.5, NOTHING)
              .prints(
                  "{cr}{bold}1/2{end} {green}━━━━━━━━━━{end}{white}━━━━━━━━━━{end} {bold}0s{end}"
                      + " 250ms/step",
                  "{bs 38}{cr}{bold}2/2{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}4s{end} 3s/step   \n"),
          new Scenario("an unknown number of steps", -1, 1, 1)
              .step(0.5, 1, EARLY)
              .step(1.5, 2, LATE)
              .end(2.0, LATE)
              .prints(
                  "{cr}      1/Unknown {bold}0s{end} 500ms/step - accuracy: 0.2500 - loss: 1.5000",
                  "{bs 63}{cr}      2/Unknown {bold}2s{end} 1s/step - accuracy: 0.3750 - loss:"
                      + " 1.0968   ",
                  "{bs 60}{cr}{bold}2/2{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}2s{end} 2s/step - accuracy: 0.3750 - loss: 1.0968\n"),
          new Scenario("an unknown number of steps on one line", -1, 2, 1)
              .step(0.5, 1, EARLY)
              .step(1.5, 2, LATE)
              .end(2.0, LATE)
              .prints("2/2 - 2s - 1s/step - accuracy: 0.3750 - loss: 1.0968\n"),
          new Scenario("one step", 1, 1, 1)
              .step(2.5, 1, EARLY)
              .end(3.5, LATE)
              .prints(
                  "{cr}{bold}1/1{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end} {bold}0s{end}"
                      + " 2s/step - accuracy: 0.2500 - loss: 1.5000",
                  "{bs 69}{cr}{bold}1/1{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end}"
                      + " {bold}4s{end} 4s/step - accuracy: 0.3750 - loss: 1.0968\n"),
          new Scenario("no step at all", -1, 1, 1)
              .end(0.5, NOTHING)
              .prints("{cr}      0/Unknown {bold}0s{end} 0s/step\n"),
          new Scenario("no step at all on one line", -1, 2, 1).end(0.5, NOTHING).prints(),
          new Scenario("numbers", 1, 1, 1)
              .end(1.0, NUMBERS)
              .prints(
                  "{cr}{bold}1/1{end} {green}━━━━━━━━━━━━━━━━━━━━{end}{white}{end} {bold}1s{end}"
                      + " 1s/step - a: 1.0000e-03 - b: 0.0010 - c: -1.0000e-03 - d: -0.5000 - e:"
                      + " 0.0312 - f: 0.0938 - g: 1.0010 - h: 0.0000e+00 - i: -0.0000e+00 - j:"
                      + " 1.0000e-100 - k: nan - l: inf - m: -inf - n: 123456789.1250 - o:"
                      + " 1.2345e-04 - p: 1.0000e-03\n"),
          new Scenario("numbers on one line", 12, 2, 1)
              .step(0.5, 1, EARLY)
              .end(5.5, NUMBERS)
              .prints(
                  "12/12 - 6s - 458ms/step - a: 1.0000e-03 - b: 0.0010 - c: -1.0000e-03 - d:"
                      + " -5.0000e-01 - e: 0.0312 - f: 0.0938 - g: 1.0010 - h: 0.0000e+00 - i:"
                      + " -0.0000e+00 - j: 1.0000e-100 - k: nan - l: inf - m: -inf - n:"
                      + " 123456789.1250 - o: 1.2345e-04 - p: 1.0000e-03\n"),
          new Scenario("one line for each epoch", 3, 2, 5)
              .step(0.5, 1, EARLY)
              .end(0.75, LATE)
              .prints("Epoch 1/5\n", "3/3 - 1s - 250ms/step - accuracy: 0.3750 - loss: 1.0968\n"),
          new Scenario("silence", 3, 0, 5).step(0.5, 1, EARLY).end(0.75, LATE).prints());

  @ParameterizedTest
  @FieldSource("SCENARIOS")
  void on_a_terminal_the_text_is_that_of_keras(Scenario scenario) {
    assertEquals(scenario.writes, readable(scenario.run(true)));
  }

  @ParameterizedTest
  @FieldSource("SCENARIOS")
  void off_a_terminal_there_are_whole_lines_without_control_characters(Scenario scenario) {
    List<String> lines = scenario.run(false);
    assertEquals(scenario.writes.isEmpty(), lines.isEmpty());
    for (String line : lines) {
      assertTrue(line.matches("[^\\p{Cntrl}]+\n"), line);
    }
  }

  @Test
  void off_a_terminal_an_epoch_is_two_lines() {
    assertEquals(
        List.of(
            "Epoch 1/2\n",
            "3/3 ━━━━━━━━━━━━━━━━━━━━ 1s 62ms/step - accuracy: 0.3750 - loss: 1.0968 -"
                + " val_accuracy: 0.3125 - val_loss: 1.1091\n"),
        SCENARIOS.get(0).run(false));
  }

  @Test
  void off_a_terminal_a_line_is_not_padded() {
    assertEquals(
        List.of("100/100 ━━━━━━━━━━━━━━━━━━━━ 101s 1s/step - loss: 0.5000\n"),
        SCENARIOS.get(1).run(false));
  }

  @Test
  void a_default_locale_with_decimal_commas_changes_nothing() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      on_a_terminal_the_text_is_that_of_keras(SCENARIOS.get(0));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void a_redraw_is_due_fifty_milliseconds_after_the_last_one() {
    long[] now = {0};
    List<String> writes = new ArrayList<>();
    ProgressBar bar = new ProgressBar(into(writes), true, 1, () -> now[0], 10);
    assertTrue(bar.due(1));
    bar.update(1, NOTHING);
    now[0] = 49_999_999;
    assertFalse(bar.due(2));
    bar.update(2, NOTHING);
    assertEquals(1, writes.size());
    now[0] = 50_000_000;
    assertTrue(bar.due(3));
    bar.update(3, NOTHING);
    assertEquals(2, writes.size());
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "true, 2", "false, 1", "false, 2"})
  void no_redraw_is_due_where_none_is_shown(boolean terminal, int verbose) {
    ProgressBar bar = new ProgressBar(new StringBuilder(), terminal, verbose, () -> 0, 10);
    assertFalse(bar.due(1));
  }

  @Test
  void the_text_is_flushed_after_each_write() {
    List<String> writes = new ArrayList<>();
    int[] flushes = {0};
    Writer out =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) {
            writes.add(new String(text, offset, length));
          }

          @Override
          public void flush() {
            flushes[0]++;
          }

          @Override
          public void close() {}
        };
    ProgressBar bar = new ProgressBar(out, true, 1, () -> 0, 2);
    bar.announce(1, 2);
    bar.update(1, NOTHING);
    bar.finish(NOTHING);
    assertEquals(3, writes.size());
    assertEquals(3, flushes[0]);
  }

  @Test
  void an_output_that_cannot_be_written_is_named() {
    Writer broken = Writer.nullWriter();
    assertThrows(
        IOException.class,
        () -> {
          broken.close();
          broken.write(0);
        });
    ProgressBar bar = new ProgressBar(broken, false, 1, () -> 0, 2);
    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> bar.finish(NOTHING));
    assertEquals("progress bar: expected an output that can be written", e.getMessage());
  }

  /** Keras sorts the names of an epoch, but its bar knows those of the steps before. */
  @ParameterizedTest
  @CsvSource({
    "1, a: 1.0000 - w: 2.0000 - val_a: 3.0000",
    "2, a: 1.0000 - val_a: 3.0000 - w: 2.0000"
  })
  void a_bar_names_what_steps_gather_first(int verbose, String metrics) {
    List<String> writes = new ArrayList<>();
    ProgressBar bar = new ProgressBar(into(writes), false, verbose, () -> 0, 2);
    assertFalse(bar.due(2));
    bar.gathered(ordered(Map.entry("a", 1.0), Map.entry("w", 2.0)));
    bar.finish(ordered(Map.entry("a", 1.0), Map.entry("val_a", 3.0), Map.entry("w", 2.0)));
    String line = String.join("", writes).strip();
    assertTrue(line.endsWith(" - " + metrics), line);
  }

  @Test
  void what_comes_after_a_bar_that_did_not_end_has_a_line_of_its_own() {
    List<String> writes = new ArrayList<>();
    ProgressBar bar = new ProgressBar(into(writes), true, 1, () -> 0, 2);
    bar.interrupt();
    assertEquals(0, writes.size());
    bar.update(1, NOTHING);
    bar.interrupt();
    assertEquals(2, writes.size());
    assertEquals("\n", writes.get(1));
  }

  @Test
  void a_bar_that_has_ended_is_not_interrupted() {
    List<String> writes = new ArrayList<>();
    ProgressBar bar = new ProgressBar(into(writes), true, 1, () -> 0, 2);
    bar.update(1, NOTHING);
    bar.finish(NOTHING);
    int written = writes.size();
    bar.interrupt();
    assertEquals(written, writes.size());
  }

  @SafeVarargs
  private static Map<String, Double> ordered(Map.Entry<String, Double>... entries) {
    Map<String, Double> map = new LinkedHashMap<>();
    for (Map.Entry<String, Double> entry : entries) {
      map.put(entry.getKey(), entry.getValue());
    }
    return map;
  }

  private static Map<String, Double> loss(double value) {
    return Map.of("loss", value);
  }

  /** Gives the escapes of a terminal names that a reader can see. */
  private static List<String> readable(List<String> writes) {
    Pattern backspaces = Pattern.compile("\\x08+");
    return writes.stream()
        .map(w -> backspaces.matcher(w).replaceAll(m -> "{bs " + m.group().length() + "}"))
        .map(w -> w.replace("\r", "{cr}").replace("\u001b[0m", "{end}"))
        .map(w -> w.replace("\u001b[1m", "{bold}").replace("\u001b[32m", "{green}"))
        .map(w -> w.replace("\u001b[37m", "{white}"))
        .toList();
  }

  private static Appendable into(List<String> writes) {
    return new Appendable() {
      @Override
      public Appendable append(CharSequence text) {
        writes.add(text.toString());
        return this;
      }

      @Override
      public Appendable append(CharSequence text, int start, int end) {
        return append(text.subSequence(start, end));
      }

      @Override
      public Appendable append(char c) {
        return append(String.valueOf(c));
      }
    };
  }

  /** One epoch: what happens when, in seconds after its start, and what is to be written. */
  private static final class Scenario {
    private final String name;
    private final int target;
    private final int verbose;
    private final int epochs;
    private final List<Event> events = new ArrayList<>();
    private List<String> writes = List.of();

    Scenario(String name, int target, int verbose, int epochs) {
      this.name = name;
      this.target = target;
      this.verbose = verbose;
      this.epochs = epochs;
    }

    Scenario step(double seconds, int step, Map<String, Double> metrics) {
      events.add(new Event(seconds, step, metrics));
      return this;
    }

    Scenario end(double seconds, Map<String, Double> metrics) {
      return step(seconds, -1, metrics);
    }

    Scenario prints(String... texts) {
      writes = List.of(texts);
      return this;
    }

    List<String> run(boolean terminal) {
      long[] now = {1_024_000_000_000L};
      List<String> written = new ArrayList<>();
      ProgressBar bar = new ProgressBar(into(written), terminal, verbose, () -> now[0], target);
      bar.announce(1, epochs);
      for (Event event : events) {
        now[0] = 1_024_000_000_000L + Math.round(event.seconds * 1e9);
        if (event.step < 0) {
          bar.finish(event.metrics);
        } else if (bar.due(event.step)) {
          bar.update(event.step, event.metrics);
        }
      }
      return written;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Event(double seconds, int step, Map<String, Double> metrics) {}
}
