package dev.tfgraphs.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        List.of("Java", "CPU", "memory", "TensorFlow", "oneDNN", "GPU", "terminal", "fonts"),
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
    assertEquals(
        "none: no NVIDIA driver (/dev/nvidiactl is not there); the native library is the one"
            + " without GPUs; libcudart.so.12, libcublas.so.12, libcudnn.so.9 not found",
        gpu.text());
    assertEquals(3, gpu.fixes().size());
  }

  @Test
  void whatIsThereForAGpuIsNotAskedFor() throws IOException {
    write("dev/nvidiactl", "");
    write("usr/local/cuda/lib64/libcudart.so.12", "");
    write("usr/lib/x86_64-linux-gnu/libcublas.so.12", "");
    write("elsewhere/libcudnn.so.9", "");
    String elsewhere = root.resolve("elsewhere").toString();
    assertEquals("none: libcudnn.so.9 not found", linux(Map.of()).noGpu(true).text());
    assertEquals(
        "none: the driver, CUDA and the library are there, but TensorFlow finds no device",
        linux(Map.of("LD_LIBRARY_PATH", "/nowhere:" + elsewhere)).noGpu(true).text());
  }

  @Test
  void otherSystemsHaveNoGpu() {
    Finding gpu = new Examination(new Machine(root, Map.of(), "Mac OS X", "aarch64")).noGpu(false);
    assertEquals("none: TensorFlow Java uses GPUs on Linux on x86-64 only", gpu.text());
    assertEquals(List.of(), gpu.fixes());
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
