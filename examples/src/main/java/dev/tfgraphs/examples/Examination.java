package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Device;
import dev.tfgraphs.graphs.Devices;
import dev.tfgraphs.graphs.Terminal;
import dev.tfgraphs.pictures.NoFontsException;
import dev.tfgraphs.pictures.Picture;
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

  private static final String NO_GPU = "none, which is no fault: training runs on the CPU";

  ImmutableList<Finding> findings() {
    return ImmutableList.of(
        java(),
        cpu(),
        memory(),
        tensorFlow(),
        oneDnn(),
        gpu(),
        terminal(),
        fileNames(System.getProperty("sun.jnu.encoding", "unknown")),
        fonts());
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
          "delete examples/target and call the launcher again; there are libraries for Linux"
              + " (x86-64, arm64), macOS (arm64) and Windows (x86-64)");
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
      found = Devices.isGpu(Device.GPU);
    } catch (LinkageError e) {
      found = false; // said of TensorFlow
    }
    return found ? Finding.ok("GPU", "TensorFlow uses it") : noGpu(library().endsWith("-gpu"));
  }

  /** Why TensorFlow finds no GPU; {@code library} says whether its native library knows of any. */
  Finding noGpu(boolean library) {
    if (!machine.isLinuxOnIntel()) {
      return Finding.missing(
          "GPU",
          NO_GPU,
          List.of("TensorFlow Java uses GPUs on Linux on x86-64 only; nothing to be done here"));
    }
    List<String> fixes = new ArrayList<>();
    if (!machine.hasNvidiaDriver()) {
      fixes.add(
          "NVIDIA's driver: looked for /dev/nvidiactl, found nothing; if there is an NVIDIA GPU,"
              + " install its driver (a container sees the GPU when started with --gpus all)");
    }
    if (!library) {
      fixes.add(
          "TensorFlow's library for GPUs: looked among this program's files, found the one for"
              + " CPUs; 'TFGRAPHS_GPU=1 "
              + Shell.launcher()
              + " doctor' builds with it");
    }
    List<String> missing = machine.missing(CUDA);
    if (!missing.isEmpty()) {
      fixes.add(
          "CUDA 12 and cuDNN 9: looked for "
              + String.join(", ", CUDA)
              + ", did not find "
              + (missing.size() == CUDA.size() ? "any" : String.join(", ", missing))
              + "; install them, and name their folders in LD_LIBRARY_PATH");
    }
    if (fixes.isEmpty()) {
      fixes.add(
          "the driver, CUDA and TensorFlow's library for GPUs are here, but TensorFlow finds no"
              + " device; '"
              + Shell.launcher()
              + " --verbose doctor' shows what it says");
    }
    return Finding.missing("GPU", NO_GPU, fixes);
  }

  private static Finding terminal() {
    return Finding.ok(
        "terminal",
        Terminal.isTerminal()
            ? "standard output is one: progress is a bar"
            : "standard output is a file or a pipe: progress is a line an epoch, without colours");
  }

  /** Whether files may be named in any script where Java names them in {@code encoding}. */
  static Finding fileNames(String encoding) {
    return encoding.equalsIgnoreCase("UTF-8")
        ? Finding.ok("file names", "in UTF-8")
        : Finding.missing(
            "file names",
            "in " + encoding + ": those with other letters cannot be read",
            List.of("set LC_ALL=C.UTF-8"));
  }

  private static Finding fonts() {
    try {
      Picture.requireFonts();
      return fonts(Picture.canShow("\u6f22\u304b\ud55c"));
    } catch (NoFontsException e) {
      return Finding.missing(
          "fonts",
          "none, so that no picture can be drawn",
          List.of("on Debian and Ubuntu: apt-get install fontconfig fonts-dejavu-core"));
    }
  }

  /** What pictures can show; {@code east} says whether Chinese, Japanese and Korean. */
  static Finding fonts(boolean east) {
    return east
        ? Finding.ok("fonts", "found, so that pictures can be drawn")
        : Finding.ok(
            "fonts",
            "found, so that pictures can be drawn; Chinese, Japanese or Korean letters are empty"
                + " boxes there without fonts-noto-cjk");
  }
}
