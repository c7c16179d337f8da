package dev.tfgraphs.graphs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Properties;

/** The numbers that a callback remembers, as a file in the folder that it is given. */
final class Memory {
  private static final String FILE = "memory.properties";

  private final Properties properties;

  private Memory(Properties properties) {
    this.properties = properties;
  }

  static Memory empty() {
    return new Memory(new Properties());
  }

  static Memory in(Path folder) throws IOException {
    return new Memory(Snapshots.readProperties(folder.resolve(FILE)));
  }

  void saveIn(Path folder) throws IOException {
    Snapshots.writeProperties(folder.resolve(FILE), properties);
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

  boolean has(String name) {
    return properties.containsKey(name);
  }

  String text(String name) {
    return properties.getProperty(name);
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  int integer(String name) {
    return Integer.parseInt(text(name));
  }

  OptionalDouble optional(String name) {
    return has(name) ? OptionalDouble.of(Double.parseDouble(text(name))) : OptionalDouble.empty();
  }
}
