package dev.tfgraphs.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process, in MiB, where the system tells; else 0. */
final class Memory {
  private Memory() {}

  /** The most that there has been. */
  static double peakMegabytes() {
    return megabytes("VmHWM:");
  }

  /** What there is now. */
  static double residentMegabytes() {
    return megabytes("VmRSS:");
  }

  private static double megabytes(String field) {
    Path status = Path.of("/proc/self/status");
    try (var lines = Files.lines(status)) {
      return lines
              .filter(line -> line.startsWith(field))
              .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElse(0)
          / 1024;
    } catch (IOException elsewhere) {
      return 0;
    }
  }
}
