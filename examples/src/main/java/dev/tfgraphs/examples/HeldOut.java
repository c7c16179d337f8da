package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Longs;
import com.google.gson.JsonParseException;
import dev.tfgraphs.graphs.data.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a run was tested on, by its {@value Results#SETTINGS}. */
final class HeldOut {
  /** What to do in {@code evaluate}. */
  private static final String SAY_DATA = "say --data";

  private final Path file;
  private final ImmutableMap<String, String> options;
  private final long samples;

  private HeldOut(Path file, ImmutableMap<String, String> options, long samples) {
    this.file = file;
    this.options = options;
    this.samples = samples;
  }

  /**
   * That of the run in {@code folder}.
   *
   * @throws CommandException if its settings cannot be read
   */
  static HeldOut of(Path folder) {
    Path file = folder.resolve(RunFiles.SETTINGS);
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new CommandException(
              file + ": expected to be read, received " + e.getClass().getSimpleName(), e)
          .advising(SAY_DATA);
    }
    try {
      ImmutableMap<String, String> options = Json.entries(text, "options");
      return new HeldOut(file, options, number(file, Json.entries(text, "data"), "test_samples"));
    } catch (JsonParseException e) {
      throw new CommandException(file + ": expected JSON, received other text", e)
          .advising(SAY_DATA);
    }
  }

  private static long number(Path file, ImmutableMap<String, String> entries, String name) {
    String text = entries.getOrDefault(name, "");
    Long number = Longs.tryParse(text);
    if (number == null) {
      throw new CommandException(
              file + ": expected a number as '" + name + "', received '" + text + "'")
          .advising(SAY_DATA);
    }
    return number;
  }

  /** As {@code --data} takes it. */
  String location() {
    return options.getOrDefault("data", "");
  }

  /**
   * The data, of which the test samples are those that the run held out.
   *
   * @param side of the images that the model takes
   * @throws CommandException if they are not there any more, or others
   */
  DataSource source(int side) {
    DataSource all = all(side);
    long limit = options.containsKey("limit") ? number(file, options, "limit") : Long.MAX_VALUE;
    DataSource source = all.limited(limit);
    if (source.test().samples() != samples) {
      throw new CommandException(
              "--data: expected the "
                  + samples
                  + " samples of "
                  + location()
                  + " that the run was tested on, received "
                  + source.test().samples()
                  + ": the folder has changed")
          .advising("to evaluate all of it, " + SAY_DATA + " " + Shell.quoted(location()));
    }
    return source;
  }

  private DataSource all(int side) {
    String data = location();
    if (!data.equals("digits") && !Files.isDirectory(Path.of(data))) {
      throw new CommandException(
              "--data: expected what the run was trained on, '"
                  + data
                  + "', received nothing there")
          .advising(SAY_DATA + " and where it is now");
    }
    return switch (DataSource.kindOf(data)) {
      case DIGITS -> DataSource.digits();
      case CIFAR_10 -> DataSource.cifar10(Path.of(data));
      case FOLDER -> folder(Path.of(data), side);
    };
  }

  private DataSource folder(Path folder, int side) {
    boolean skips = Boolean.parseBoolean(options.get(TransferPlan.SKIP_BROKEN));
    Images images =
        skips
            ? DataSource.images(folder, side, broken -> {})
            : DataSource.images(folder, side, side);
    Double part =
        Doubles.tryParse(
            options.getOrDefault(
                TransferPlan.VALIDATION_SPLIT, Double.toString(DataSource.HELD_OUT)));
    if (part == null) {
      throw new CommandException(
              file + ": expected a number as '" + TransferPlan.VALIDATION_SPLIT + "'")
          .advising(SAY_DATA);
    }
    return DataSource.split(folder, images, part, number(file, options, "seed"));
  }
}
