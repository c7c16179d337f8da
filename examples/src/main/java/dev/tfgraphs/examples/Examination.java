package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Devices;
import dev.tfgraphs.graphs.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.TensorFlow;

/**
 * Looks at one thing after another that this program needs or profits from.
 *
 * @param machine what is looked at
 */
record Examination(Machine machine) {
  private static final double GIBIBYTE = 1L << 30;
  private static final double ENOUGH = 1.5 * GIBIBYTE;
  private static final String NATIVE = "/org/tensorflow/internal/c_api/";
  private static final List<String> CUDA =
      List.of("libcudart.so.12", "libcublas.so.12", "libcudnn.so.9");

  ImmutableList<Finding> findings() {
    return ImmutableList.of(
        java(), cpu(), memory(), tensorFlow(), oneDnn(), gpu(), terminal(), fonts());
  }

  private static Finding java() {
    return Finding.ok(
        "Java",
        Runtime.version().feature()
            + " ("
            + Runtime.version()
            + ", "
            + System.getProperty("java.vendor")
            + ")");
  }

  Finding cpu() {
    String text =
        machine.cpu() + ", " + Runtime.getRuntime().availableProcessors() + " for this program";
    return machine.lacksAvx()
        ? Finding.broken("CPU", text, "TensorFlow needs AVX; use a machine whose CPU has it")
        : Finding.ok("CPU", text);
  }

  Finding memory() {
    String java = gibibytes(Runtime.getRuntime().maxMemory()) + " at most for Java's own objects";
    OptionalLong available = machine.availableMemory();
    if (available.isEmpty()) {
      return Finding.ok("memory", java);
    }
    String text =
        gibibytes(machine.memory().orElse(0))
            + ", "
            + gibibytes(available.getAsLong())
            + " of it free, "
            + java;
    return available.getAsLong() < ENOUGH
        ? Finding.missing("memory", text, List.of("end other programs; the digits need 1 GiB"))
        : Finding.ok("memory", text);
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIBIBYTE);
  }

  private static Finding tensorFlow() {
    String library = library();
    if (library.isEmpty()) {
      return Finding.broken(
          "TensorFlow",
          "no native library for " + Loader.getPlatform() + " among this program's files",
          "delete examples/target and call ./tfgraphs again; there are libraries for Linux (x86-64,"
              + " arm64), macOS (arm64) and Windows (x86-64)");
    }
    try {
      return Finding.ok(
          "TensorFlow", TensorFlow.version() + ", native library " + library + " loads");
    } catch (LinkageError e) {
      return Finding.broken(
          "TensorFlow",
          "the native library " + library + " does not load: " + rootMessage(e),
          "it needs glibc (not musl) on Linux, and 1 GB of free disk where " + cache() + " is");
    }
  }

  private static String cache() {
    return System.getProperty("org.bytedeco.javacpp.cachedir", "~/.javacpp");
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }

  /** The platform whose native library lies among this program's files; empty without one. */
  private static String library() {
    return Stream.of("-gpu", "")
        .map(extension -> Loader.getPlatform() + extension)
        .filter(
            platform ->
                Stream.of("libjnitensorflow.so", "libjnitensorflow.dylib", "jnitensorflow.dll")
                    .anyMatch(
                        file ->
                            Examination.class.getResource(NATIVE + platform + "/" + file) != null))
        .findFirst()
        .orElse("");
  }

  Finding oneDnn() {
    if (machine.isMac()) {
      return Finding.ok("oneDNN", "not part of TensorFlow on macOS");
    }
    String set = machine.environment().getOrDefault("TF_ENABLE_ONEDNN_OPTS", "");
    return set.equals("0") || set.equalsIgnoreCase("false")
        ? Finding.missing(
            "oneDNN",
            "off, because TF_ENABLE_ONEDNN_OPTS is " + set + "; training takes twice as long",
            List.of("unset TF_ENABLE_ONEDNN_OPTS"))
        : Finding.ok("oneDNN", "on");
  }

  private Finding gpu() {
    boolean found;
    try {
      found = Devices.types().contains("GPU");
    } catch (LinkageError e) {
      found = false; // said of TensorFlow
    }
    return found ? Finding.ok("GPU", "TensorFlow uses it") : noGpu(library().endsWith("-gpu"));
  }

  /** Why TensorFlow finds no GPU; {@code library} says whether its native library knows of any. */
  Finding noGpu(boolean library) {
    if (!machine.isLinuxOnIntel()) {
      return Finding.missing(
          "GPU", "none: TensorFlow Java uses GPUs on Linux on x86-64 only", List.of());
    }
    List<String> reasons = new ArrayList<>();
    List<String> fixes = new ArrayList<>();
    if (!machine.hasNvidiaDriver()) {
      reasons.add("no NVIDIA driver (/dev/nvidiactl is not there)");
      fixes.add(
          "install NVIDIA's driver; a container sees the GPU when it is started with --gpus all");
    }
    if (!library) {
      reasons.add("the native library is the one without GPUs");
      fixes.add("TFGRAPHS_GPU=1 ./tfgraphs ... builds with the other one");
    }
    List<String> missing = machine.missing(CUDA);
    if (!missing.isEmpty()) {
      reasons.add(String.join(", ", missing) + " not found");
      fixes.add(
          "install CUDA 12 and cuDNN 9; LD_LIBRARY_PATH names the folders of their libraries");
    }
    if (reasons.isEmpty()) {
      reasons.add("the driver, CUDA and the library are there, but TensorFlow finds no device");
      fixes.add("./tfgraphs --verbose doctor shows what TensorFlow says");
    }
    return Finding.missing("GPU", "none: " + String.join("; ", reasons), fixes);
  }

  private static Finding terminal() {
    return Finding.ok(
        "terminal",
        Terminal.isTerminal() ? "yes, progress is drawn" : "no, progress is one line an epoch");
  }

  private static Finding fonts() {
    try {
      Picture.requireFonts();
      return Finding.ok("fonts", "found, so that pictures can be drawn");
    } catch (IllegalStateException e) {
      return Finding.missing(
          "fonts",
          "none, so that no picture can be drawn",
          List.of("on Debian and Ubuntu: apt-get install fontconfig fonts-dejavu-core"));
    }
  }
}
