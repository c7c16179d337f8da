package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multisets;
import com.google.common.primitives.Chars;
import java.nio.file.Path;
import java.util.Optional;
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
        .findFirst()
        .filter(near -> isNear(word, near))
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
}
