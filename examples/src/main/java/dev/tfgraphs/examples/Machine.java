package dev.tfgraphs.examples;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Longs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The machine under this program, as far as files and variables tell.
 *
 * @param root the folder that holds {@code proc} and {@code dev}
 * @param environment variables
 * @param system such as {@code Linux}
 * @param architecture such as {@code amd64}
 */
record Machine(Path root, Map<String, String> environment, String system, String architecture) {
  /** What TensorFlow's kernels make use of, by Linux's names, slowest first. */
  private static final List<String> FEATURES =
      List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16");

  private static final List<String> LIBRARY_FOLDERS =
      List.of("usr/local/cuda/lib64", "usr/lib/x86_64-linux-gnu", "usr/lib64", "usr/lib");

  static Machine here() {
    return new Machine(
        Path.of("/"),
        System.getenv(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  boolean isLinuxOnIntel() {
    return system.equals("Linux") && architecture.equals("amd64");
  }

  boolean isMac() {
    return system.startsWith("Mac");
  }

  /** The CPU's name and what it can do for TensorFlow; only Linux tells. */
  String cpu() {
    List<String> lines = lines("proc/cpuinfo");
    String name = field(lines, "model name").orElse(architecture);
    ImmutableSet<String> flags =
        ImmutableSet.copyOf(Splitter.on(' ').split(field(lines, "flags").orElse("")));
    String features =
        FEATURES.stream()
            .filter(flags::contains)
            .map(flag -> flag.toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return features.isEmpty() ? name : name + ", " + features;
  }

  /** Whether it is known that the CPU lacks what TensorFlow's builds for Intel need. */
  boolean lacksAvx() {
    Optional<String> flags = field(lines("proc/cpuinfo"), "flags");
    return architecture.equals("amd64")
        && flags.isPresent()
        && !Splitter.on(' ').splitToList(flags.get()).contains("avx");
  }

  /** How many bytes programs can still have. */
  OptionalLong availableMemory() {
    return bytes("MemAvailable");
  }

  /** How many bytes there are. */
  OptionalLong memory() {
    return bytes("MemTotal");
  }

  private OptionalLong bytes(String name) {
    Optional<Long> kibibytes =
        field(lines("proc/meminfo"), name)
            .flatMap(text -> Optional.ofNullable(Longs.tryParse(text.replace(" kB", ""))));
    return kibibytes.isPresent() ? OptionalLong.of(kibibytes.get() * 1024) : OptionalLong.empty();
  }

  /** Whether NVIDIA's driver is loaded. */
  boolean hasNvidiaDriver() {
    return Files.exists(root.resolve("dev/nvidiactl"));
  }

  /** Those of the libraries that lie nowhere where the loader looks. */
  List<String> missing(List<String> libraries) {
    List<Path> folders =
        Stream.concat(
                Splitter.on(':')
                    .omitEmptyStrings()
                    .splitToStream(environment.getOrDefault("LD_LIBRARY_PATH", ""))
                    .map(Path::of),
                LIBRARY_FOLDERS.stream().map(root::resolve))
            .toList();
    return libraries.stream()
        .filter(name -> folders.stream().noneMatch(folder -> Files.exists(folder.resolve(name))))
        .toList();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return List.of(); // only Linux has these files
    }
  }

  private static Optional<String> field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst();
  }
}
