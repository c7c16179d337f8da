package dev.tfgraphs.graphs;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The progress of one epoch, in the words of Keras 3's progress bar.
 *
 * <p>On a terminal the text equals Keras's to the character. Elsewhere (a file, a pipe) only the
 * "Epoch" line and the finished line are written, without any control character. Not safe for use
 * by several threads.
 */
final class ProgressBar {

  private static final int WIDTH = 20;
  private static final String CELL = "\u2501";
  private static final long REDRAW_NANOS = 50_000_000;
  private static final double NANOS = 1e9;

  private static final String BOLD = "\u001b[1m";
  private static final String GREEN = "\u001b[32m";
  private static final String WHITE = "\u001b[37m";
  private static final String PLAIN = "\u001b[0m";

  private final Appendable out;
  private final boolean terminal;
  private final int verbose;
  private final LongSupplier nanoClock;
  private final long start;
  private final Map<String, Double> values = new LinkedHashMap<>();

  private int target;
  private int seen;
  private long now;
  private long firstStepDone;
  private boolean firstStepSeen;
  private long lastDrawn;
  private boolean drawn;
  private int lastWidth;

  /**
   * Starts the clock of an epoch.
   *
   * @param out where the text goes; flushed after each write if it can be
   * @param terminal whether {@code out} understands backspaces and colours
   * @param verbose Keras's verbosity: 0 silent, 1 a bar, 2 one line for each epoch
   * @param nanoClock a clock such as {@link System#nanoTime}
   * @param target how many steps the epoch has, or -1 if that is not known yet
   */
  ProgressBar(Appendable out, boolean terminal, int verbose, LongSupplier nanoClock, int target) {
    this.out = out;
    this.terminal = terminal;
    this.verbose = verbose;
    this.nanoClock = nanoClock;
    this.target = target;
    this.start = nanoClock.getAsLong();
    this.now = start;
  }

  /** Writes the line {@code Epoch 2/5}; nothing when there is one epoch only. */
  void announce(int epoch, int epochs) {
    if (epochs > 1) {
      announce(String.format(Locale.ROOT, "Epoch %d/%d", epoch, epochs));
    }
  }

  /** Writes a line that says what the steps are of. */
  void announce(String title) {
    if (verbose != 0) {
      write(title + "\n");
    }
  }

  /**
   * Notes that {@code step}, counted from 1, is done, and says whether the bar is to be redrawn: at
   * most every 50 ms, and on terminals only. Metrics need not be read when it is not.
   */
  boolean due(int step) {
    seen = step;
    if (verbose != 1) {
      return false; // Keras counts the first step's time in its one-line form
    }
    now = nanoClock.getAsLong();
    if (step == 1) {
      firstStepDone = now;
      firstStepSeen = true;
    }
    return terminal && (!drawn || now - lastDrawn >= REDRAW_NANOS);
  }

  /** Redraws the bar if that is {@link #due}; {@code latest} holds the metrics until now. */
  void update(int step, Map<String, Double> latest) {
    if (!due(step)) {
      return;
    }
    values.putAll(latest);
    draw(step, false);
    lastDrawn = now;
    drawn = true;
  }

  /**
   * Notes what all steps have gathered: a bar names that before what judging adds, also where it
   * was not drawn before.
   */
  void gathered(Map<String, Double> latest) {
    if (verbose == 1) {
      values.putAll(latest);
    }
  }

  /** Ends the epoch with its final metrics, those of the validation included. */
  void finish(Map<String, Double> latest) {
    now = nanoClock.getAsLong();
    target = target < 0 ? seen : target;
    values.putAll(latest);
    if (verbose == 1) {
      draw(target, true);
    } else if (verbose == 2 && target > 0) {
      write(counter(target) + " - " + elapsed() + " -" + stepTime(target) + metrics() + "\n");
    }
    drawn = false;
  }

  /**
   * Ends the epoch, if it has not ended, before its end: what is drawn stays, and the next output
   * has a line of its own.
   */
  void interrupt() {
    if (drawn) {
      write("\n");
    }
  }

  private void draw(int step, boolean last) {
    String time = last || target <= 0 ? elapsed() : remaining(step);
    String bar = target > 0 ? bold(counter(step)) + " " + cells(step) : unknown(step);
    String line = bar + " " + bold(time) + stepTime(step) + metrics();
    int width = visibleWidth(line);
    String erase = terminal ? "\b".repeat(lastWidth) + "\r" : "";
    String pad = " ".repeat(Math.max(0, lastWidth - width));
    lastWidth = width;
    write(erase + line + pad + (last ? "\n" : ""));
  }

  private String counter(int step) {
    int digits = String.valueOf(target).length();
    return String.format(Locale.ROOT, "%" + digits + "d/%d", step, target);
  }

  private static String unknown(int step) {
    return String.format(Locale.ROOT, "%7d/Unknown", step);
  }

  private String cells(int step) {
    int done = (int) (WIDTH * ((double) step / target));
    String left = CELL.repeat(Math.max(0, WIDTH - done));
    String green = done > 0 ? coloured(GREEN, CELL.repeat(done)) : "";
    return green + coloured(WHITE, left);
  }

  private String bold(String text) {
    return coloured(BOLD, text);
  }

  private String coloured(String code, String text) {
    return terminal ? code + text + PLAIN : text;
  }

  private static int visibleWidth(String line) {
    return line.replaceAll("\u001b\\[\\d+m", "").length();
  }

  private String elapsed() {
    return whole((now - start) / NANOS) + "s";
  }

  private String remaining(int step) {
    double eta = secondsPerStep(step) * (target - step);
    long seconds = (long) eta;
    if (eta > 3600) {
      return String.format(
          Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }
    if (eta > 60) {
      return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
    return seconds + "s";
  }

  private String stepTime(int step) {
    double seconds = secondsPerStep(step);
    if (seconds >= 1 || seconds == 0) {
      return " " + whole(seconds) + "s/step";
    }
    if (seconds >= 1e-3) {
      return " " + whole(seconds * 1e3) + "ms/step";
    }
    return " " + whole(seconds * 1e6) + "us/step";
  }

  /** Leaves out the first step, which is slower than the others, as soon as there is a second. */
  private double secondsPerStep(int step) {
    if (step == 0) {
      return 0;
    }
    return firstStepSeen && step > 1
        ? (now - firstStepDone) / NANOS / (step - 1)
        : (now - start) / NANOS / step;
  }

  private String metrics() {
    return values.isEmpty() ? "" : " - " + shown(values, verbose);
  }

  /** Numbers with their names in Keras's form for {@code verbose}. */
  static String shown(Map<String, Double> values, int verbose) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + ": " + number(value.getValue(), verbose))
        .collect(Collectors.joining(" - "));
  }

  /** Rounds the exact binary value half to even, as Python does; Java's formats alone do not. */
  private static String number(double value, int verbose) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    BigDecimal exact = new BigDecimal(value);
    // Keras forgets the sign in its one-line form, so that negative numbers get an exponent there.
    if ((verbose == 2 ? value : Math.abs(value)) > 1e-3) {
      return String.format(Locale.ROOT, "%.4f", exact.setScale(4, RoundingMode.HALF_EVEN));
    }
    String sign = value == 0 && 1 / value < 0 ? "-" : "";
    return sign
        + String.format(
            Locale.ROOT, "%.4e", exact.round(new MathContext(5, RoundingMode.HALF_EVEN)));
  }

  private static String whole(double value) {
    return new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN).toPlainString();
  }

  private void write(String text) {
    try {
      out.append(text);
      if (out instanceof Flushable flushable) {
        flushable.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("progress bar: expected an output that can be written", e);
    }
  }
}
