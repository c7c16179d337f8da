package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tfgraphs.pictures.Picture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final String NO_GPU = "none, which is no fault: training runs on the CPU";

  @TempDir private Path root;

  private Examination linux(Map<String, String> environment) {
    return new Examination(new Machine(root, environment, "Linux", "amd64"));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void thisMachineHasAllThatIsNeeded() {
    String out = Cli.run("doctor").succeeded().out();
    assertEquals(
        List.of(
            "Java",
            "CPU",
            "memory",
            "TensorFlow",
            "oneDNN",
            "GPU",
            "terminal",
            "file names",
            "fonts"),
        out.lines()
            .filter(line -> line.matches("(OK|missing|broken) .*"))
            .map(line -> line.substring(9, 20).strip())
            .toList());
    assertTrue(out.contains("\nOK       TensorFlow  2.18.0, native library "), out);
    assertTrue(out.endsWith("\nAll that is needed is here.\n"), out);
  }

  @Test
  void theCpuIsNamedWithWhatTensorFlowUsesOfIt() throws IOException {
    write("proc/cpuinfo", "model name\t: A CPU\nflags\t\t: fpu avx avx2 avx512f amx_bf16 sse\n");
    Finding cpu = linux(Map.of()).cpu();
    assertEquals(Finding.State.OK, cpu.state());
    assertTrue(cpu.text().startsWith("A CPU, AVX2, AVX512F, AMX_BF16, "), cpu.text());
  }

  @Test
  void aCpuWithoutAvxIsTooOld() throws IOException {
    write("proc/cpuinfo", "model name\t: Old CPU\nflags\t\t: fpu sse\n");
    Finding cpu = linux(Map.of()).cpu();
    assertEquals(Finding.State.BROKEN, cpu.state());
    assertEquals(List.of("TensorFlow needs AVX; use a machine whose CPU has it"), cpu.fixes());
  }

  @Test
  void littleMemoryIsSaid() throws IOException {
    write("proc/meminfo", "MemTotal:        4194304 kB\nMemAvailable:    1048576 kB\n");
    Finding memory = linux(Map.of()).memory();
    assertEquals(Finding.State.MISSING, memory.state());
    assertTrue(memory.text().startsWith("4.0 GiB, 1.0 GiB of it free, "), memory.text());
  }

  @Test
  void oneDnnThatIsOffIsSaid() {
    Finding off = linux(Map.of("TF_ENABLE_ONEDNN_OPTS", "0")).oneDnn();
    assertEquals(Finding.State.MISSING, off.state());
    assertEquals(
        "off, because TF_ENABLE_ONEDNN_OPTS is 0; training takes twice as long", off.text());
    assertEquals(Finding.State.OK, linux(Map.of("TF_ENABLE_ONEDNN_OPTS", "1")).oneDnn().state());
  }

  @Test
  void everyReasonForNoGpuHasItsFix() {
    Finding gpu = linux(Map.of()).noGpu(false);
    assertEquals(NO_GPU, gpu.text());
    assertEquals(
        List.of(
            "NVIDIA's driver: looked for /dev/nvidiactl, found nothing; if there is an NVIDIA GPU,"
                + " install its driver (a container sees the GPU when started with --gpus all)",
            "TensorFlow's library for GPUs: looked among this program's files, found the one for"
                + " CPUs; 'TFGRAPHS_GPU=1 ./tfgraphs doctor' builds with it",
            "CUDA 12 and cuDNN 9: looked for libcudart.so.12, libcublas.so.12, libcudnn.so.9, did"
                + " not find any; install them, and name their folders in LD_LIBRARY_PATH"),
        gpu.fixes());
  }

  @Test
  void whatIsThereForAGpuIsNotAskedFor() throws IOException {
    write("dev/nvidiactl", "");
    write("usr/local/cuda/lib64/libcudart.so.12", "");
    write("usr/lib/x86_64-linux-gnu/libcublas.so.12", "");
    write("elsewhere/libcudnn.so.9", "");
    String elsewhere = root.resolve("elsewhere").toString();
    assertEquals(
        List.of(
            "CUDA 12 and cuDNN 9: looked for libcudart.so.12, libcublas.so.12, libcudnn.so.9, did"
                + " not find libcudnn.so.9; install them, and name their folders in"
                + " LD_LIBRARY_PATH"),
        linux(Map.of()).noGpu(true).fixes());
    assertEquals(
        List.of(
            "the driver, CUDA and TensorFlow's library for GPUs are here, but TensorFlow finds no"
                + " device; './tfgraphs --verbose doctor' shows what it says"),
        linux(Map.of("LD_LIBRARY_PATH", "/nowhere:" + elsewhere)).noGpu(true).fixes());
  }

  @Test
  void otherSystemsHaveNoGpu() {
    Finding gpu = new Examination(new Machine(root, Map.of(), "Mac OS X", "aarch64")).noGpu(false);
    assertEquals(NO_GPU, gpu.text());
    assertEquals(
        List.of("TensorFlow Java uses GPUs on Linux on x86-64 only; nothing to be done here"),
        gpu.fixes());
  }

  @Test
  void aPipeIsNoTerminal() {
    String out = Cli.run("doctor").succeeded().out();
    assertTrue(
        out.contains(
            "\n"
                + "OK       terminal    standard output is a file or a pipe: progress is a line an"
                + " epoch, without colours\n"),
        out);
  }

  @Test
  void theEncodingOfFileNamesIsSaid() {
    Finding ascii = Examination.fileNames("ANSI_X3.4-1968");
    assertEquals(Finding.State.MISSING, ascii.state());
    assertEquals("in ANSI_X3.4-1968: those with other letters cannot be read", ascii.text());
    assertEquals(List.of("set LC_ALL=C.UTF-8"), ascii.fixes());
    assertEquals(Finding.ok("file names", "in UTF-8"), Examination.fileNames("UTF-8"));
  }

  @Test
  void lettersThatPicturesCannotShowAreSaid() {
    assertEquals(
        Finding.ok("fonts", "found, so that pictures can be drawn"), Examination.fonts(true));
    assertEquals(
        Finding.ok(
            "fonts",
            "found, so that pictures can be drawn; Chinese, Japanese or Korean letters are empty"
                + " boxes there without fonts-noto-cjk"),
        Examination.fonts(false));
    assertTrue(Picture.canShow("Latin"));
  }

  @Test
  void whatIsBrokenEndsInFailure() {
    StringWriter out = new StringWriter();
    int code =
        DoctorCommand.report(
            List.of(
                Finding.ok("Java", "17"),
                Finding.missing("GPU", "none", List.of("buy one", "borrow one")),
                Finding.broken("TensorFlow", "gone", "bring it back")),
            new PrintWriter(out, true));
    assertEquals(1, code);
    assertEquals(
        """
        OK       Java        17
        missing  GPU         none
                             -> buy one
                             -> borrow one
        broken   TensorFlow  gone
                             -> bring it back
        Something that is needed is broken.
        """,
        out.toString().replace(System.lineSeparator(), "\n"));
  }
}
