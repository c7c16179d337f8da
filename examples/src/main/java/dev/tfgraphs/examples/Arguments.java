package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multisets;
import com.google.common.primitives.Chars;
import dev.tfgraphs.pictures.NoFontsException;
import dev.tfgraphs.pictures.Picture;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with the arguments of a command. */
final class Arguments {
  private static final long MOST_SEED = 0xFFFFFFFFL;

  private Arguments() {}

  /** The value of an option. */
  static int atLeastOne(String option, int value) {
    return Math.toIntExact(atLeastOne(option, (long) value));
  }

  /**
   * The value of an option.
   *
   * @throws CommandException if it is less than 1
   */
  static long atLeastOne(String option, long value) {
    if (value < 1) {
      throw new CommandException(option + ": expected 1 or more, received " + value);
    }
    return value;
  }

  /**
   * The seed that an option gives, or one chosen at random.
   *
   * @throws CommandException as {@link #checkSeed}
   */
  static long seed(Optional<Long> given) {
    long chosen = given.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE));
    checkSeed(chosen);
    return chosen;
  }

  /**
   * Sees that {@code --seed} is one that Keras takes, too.
   *
   * @throws CommandException if it is not
   */
  static void checkSeed(long value) {
    if (value < 0 || value > MOST_SEED) {
      throw new CommandException(
          "--seed: expected a number from 0 to " + MOST_SEED + ", received " + value);
    }
  }

  /** Asks for the nearest of {@code names}, if there is a near one; otherwise empty. */
  static String nearest(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(word, name) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt(name -> distance(word, name)))
        .or(() -> containing(word, names))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  private static Optional<String> containing(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> !word.isEmpty() && name.contains(word))
        .min(Comparator.comparingInt(String::length));
  }

  /** How many letters have to be added, left out or changed (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  /** A path; an empty one, as of a variable that is not set, would mean the working folder. */
  static Path path(String text) {
    if (text.isEmpty()) {
      throw new TypeConversionException("");
    }
    return Path.of(text);
  }

  /** What is wrong, in the words of this program instead of picocli's. */
  static String problem(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    if (e instanceof MissingParameterException missing) {
      return missing(missing);
    }
    if (e instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + ": expected once, received more than once";
    }
    Optional<ArgSpec> argument = Optional.ofNullable(e.getArgSpec());
    if (argument.isPresent() && e.getValue() != null) {
      return "%s: expected %s, received '%s'"
          .formatted(name(argument.get()), kind(argument.get(), e.getValue()), e.getValue());
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String word = e.getUnmatched().get(0);
    boolean hasCommands = !e.getCommandLine().getSubcommands().isEmpty();
    String what =
        e.isUnknownOption()
            ? "unknown option"
            : hasCommands ? "unknown command" : "unexpected argument";
    String said = what + " '" + word + "'";
    return e.getSuggestions().stream()
        .filter(near -> isNear(word, near))
        .min(Comparator.comparingInt(near -> Math.abs(near.length() - word.length())))
        .map(near -> said + "; did you mean " + near + "?")
        .orElse(said);
  }

  /** Picocli always suggests something. */
  private static boolean isNear(String word, String other) {
    int common = Multisets.intersection(letters(word), letters(other)).size();
    return other.startsWith(word) || 3 * common >= 2 * Math.max(word.length(), other.length());
  }

  private static ImmutableMultiset<Character> letters(String word) {
    return ImmutableMultiset.copyOf(Chars.asList(word.toCharArray()));
  }

  private static String missing(MissingParameterException e) {
    ArgSpec first = e.getMissing().get(0);
    String where = first.isOption() ? name(first) + ": " : "";
    return where + "expected " + first.paramLabel() + ", received nothing";
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** A number too long for its type is a whole number all the same. */
  private static String kind(ArgSpec argument, String value) {
    Class<?> type = argument.auxiliaryTypes()[0];
    if (type == boolean.class) {
      return "no value";
    }
    if (type == Path.class) {
      return "a path";
    }
    if (type == Double.class) {
      return "a number";
    }
    if (type != Integer.class && type != int.class && type != Long.class) {
      return argument.paramLabel();
    }
    boolean whole = value.matches("[+-]?\\d+");
    long most = type == Long.class ? Long.MAX_VALUE : Integer.MAX_VALUE;
    return whole ? "a whole number of at most " + most : "a whole number";
  }

  /**
   * Sees that what a command is for can be drawn.
   *
   * @throws CommandException if Java finds no font
   */
  static void requireFonts() {
    try {
      Picture.requireFonts();
    } catch (NoFontsException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e);
    }
  }
}
