package dev.tfgraphs.examples;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files that a command writes into a {@link RunFolder}, listed at the end. */
final class RunFiles {
  private final Path folder;
  private final Console console;
  private final Map<String, String> written = new LinkedHashMap<>();

  RunFiles(Path folder, Console console) {
    this.folder = folder;
    this.console = console;
  }

  /** Where a file or folder is to be written that the list then has. */
  Path add(String name, String what) {
    written.put(name, what);
    return folder.resolve(name);
  }

  boolean has(String name) {
    return written.containsKey(name);
  }

  /** Without fonts there is no picture, but all the rest. */
  void draw(String name, String what, Picture picture) {
    try {
      picture.writePng(folder.resolve(name + ".png"));
      picture.writeSvg(folder.resolve(name + ".svg"));
      written.put(name + ".png, " + name + ".svg", what);
    } catch (IllegalStateException noFonts) {
      console.problem("no " + name + ".png: " + noFonts.getMessage());
    }
  }

  /** Says what lies in {@code place}. */
  void list(Path place) {
    console.result("Written to %s%s", place, console.quiet() ? "" : ":");
    written.forEach((name, what) -> console.detail("  %-32s %s", name, what));
  }
}
