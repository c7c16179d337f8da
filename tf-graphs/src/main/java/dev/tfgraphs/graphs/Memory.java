package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values by name, as a file that can be read by people: what a callback remembers, for one. */
final class Memory {
  private static final String FILE = "memory.properties";

  private final String source;
  private final Properties properties;

  private Memory(String source, Properties properties) {
    this.source = source;
    this.properties = properties;
  }

  static Memory empty() {
    return new Memory("memory", new Properties());
  }

  /** That of the callback whose folder this is. */
  static Memory in(Path folder) throws IOException {
    return read(folder.resolve(FILE));
  }

  static Memory read(Path file) throws IOException {
    return new Memory(file.toString(), Snapshots.readProperties(file));
  }

  /** Writes it into the folder of a callback. */
  void saveIn(Path folder) throws IOException {
    write(folder.resolve(FILE));
  }

  void write(Path file) throws IOException {
    Snapshots.writeProperties(file, properties);
  }

  Memory put(String name, Object value) {
    properties.setProperty(name, value.toString());
    return this;
  }

  Memory put(String name, OptionalDouble value) {
    if (value.isPresent()) {
      put(name, value.getAsDouble());
    }
    return this;
  }

  Set<String> names() {
    return properties.stringPropertyNames();
  }

  boolean has(String name) {
    return properties.containsKey(name);
  }

  /**
   * {@return the value of {@code name}}
   *
   * @throws GraphException if there is none
   */
  String text(String name) {
    @Nullable String value = properties.getProperty(name);
    if (value == null) {
      throw new GraphException(source + ": expected a value of '" + name + "', received none");
    }
    return value;
  }

  long number(String name) {
    return parsed(name, "a whole number", Long::valueOf);
  }

  int integer(String name) {
    return parsed(name, "a whole number", Integer::valueOf);
  }

  double decimal(String name) {
    return parsed(name, "a number", Double::valueOf);
  }

  boolean flag(String name) {
    return Boolean.parseBoolean(text(name));
  }

  OptionalDouble optional(String name) {
    return has(name) ? OptionalDouble.of(decimal(name)) : OptionalDouble.empty();
  }

  private <T> T parsed(String name, String expected, Function<String, T> parse) {
    String value = text(name);
    try {
      return parse.apply(value);
    } catch (NumberFormatException e) {
      throw new GraphException(
          "%s: expected %s as '%s', received '%s'".formatted(source, expected, name, value), e);
    }
  }
}
