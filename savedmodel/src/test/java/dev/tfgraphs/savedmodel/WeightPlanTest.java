package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.batchNormalization;
import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import dev.tfgraphs.ops.Weight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightPlanTest {
  private static final Path FILE = Path.of("some.file");
  private static final Model MODEL = model();

  @TempDir Path folder;

  private static Model model() {
    Node x = input(3);
    return Model.of(
        x, x.to(dense(2).name("first")).to(batchNormalization().scale(false).name("norm")));
  }

  private static WeightPlan plan(ReadOptions options) {
    return new WeightPlan(FILE, "numbers", MODEL, options);
  }

  private static StoredTensor stored(String name, float fill, int... sizes) {
    return new StoredTensor(
        name,
        Shape.of(sizes),
        ElementType.FLOAT32,
        (position, target) -> {
          while (target.hasRemaining()) {
            target.putFloat(fill);
          }
        });
  }

  private static StoredTensor unreadable(String name, int... sizes) {
    return new StoredTensor(
        name,
        Shape.of(sizes),
        ElementType.FLOAT32,
        (position, target) -> {
          throw new AssertionError("read");
        });
  }

  private static WeightPlan fitting(ReadOptions options) {
    WeightPlan plan = plan(options);
    int fill = 0;
    for (Weight weight : MODEL.weights()) {
      plan.put(weight.path(), stored(weight.path(), ++fill, weight.spec().shape().toArray()));
    }
    return plan;
  }

  private static WeightPlan misfitting() {
    WeightPlan plan = plan(ReadOptions.defaults());
    plan.put("first/kernel", unreadable("vars/0", 2, 3));
    plan.put("first/bias", unreadable("first/bias", 2));
    plan.put("norm/beta", unreadable("norm/beta", 3));
    plan.put("norm/moving_mean", stored("norm/moving_mean", 7, 2));
    plan.unused(unreadable("more", 4, 4));
    return plan;
  }

  private static String message(WeightPlan plan) {
    return String.valueOf(assertThrows(ModelFileException.class, plan::read).getMessage());
  }

  @Test
  void weightsAreReadInTheOrderOfTheModel() throws IOException {
    Weights weights = fitting(ReadOptions.defaults()).read();
    assertEquals(
        List.of(
            "first/kernel", "first/bias", "norm/beta", "norm/moving_mean", "norm/moving_variance"),
        List.copyOf(weights.tensors().keySet()));
    assertArrayEquals(new float[] {4, 4}, weights.get("norm/moving_mean").values());
    weights.checkFit(MODEL);
  }

  @Test
  void allThatDoesNotFitIsListedAndNothingIsRead() {
    assertEquals(
        """
        weights some.file (numbers): expected the weights of the model, received others:
          first/kernel: expected (3, 2), received (2, 3) from vars/0
          norm/beta: expected (2,), received (3,)
          missing norm/moving_variance (2,)
          unused more float32 (4, 4)\
        """
            .stripIndent(),
        message(misfitting()));
  }

  @Test
  void whatDoesNotFitIsKeptAndReportedIfSaidSo() throws IOException {
    Weights kept = fitting(ReadOptions.defaults()).read();
    List<String> skipped = new ArrayList<>();
    WeightPlan plan = plan(ReadOptions.defaults().skipMismatch(kept, skipped::add));
    plan.put("first/kernel", unreadable("vars/0", 2, 3));
    plan.put("first/bias", stored("first/bias", 9, 2));
    plan.put("norm/beta", unreadable("norm/beta", 3));
    plan.unused(unreadable("more", 4, 4));
    Weights weights = plan.read();
    assertArrayEquals(new float[] {9, 9}, weights.get("first/bias").values());
    assertEquals(kept.get("first/kernel"), weights.get("first/kernel"));
    assertEquals(kept.get("norm/beta"), weights.get("norm/beta"));
    assertEquals(kept.get("norm/moving_variance"), weights.get("norm/moving_variance"));
    assertEquals(
        List.of(
            "first/kernel: expected (3, 2), received (2, 3) from vars/0",
            "norm/beta: expected (2,), received (3,)",
            "missing norm/moving_mean (2,)",
            "missing norm/moving_variance (2,)",
            "unused more float32 (4, 4)"),
        skipped);
  }

  @Test
  void whatIsThereTwiceIsAnErrorInAnyCase() throws IOException {
    Weights kept = fitting(ReadOptions.defaults()).read();
    String expected =
        """
        weights some.file (numbers): expected the weights of the model, received others:
          twice first/bias: first/bias and other\
        """
            .stripIndent();
    ReadOptions strict = ReadOptions.defaults();
    for (ReadOptions options : List.of(strict, strict.skipMismatch(kept, skipped -> {}))) {
      WeightPlan plan = fitting(options);
      plan.put("first/bias", unreadable("other", 2));
      assertEquals(expected, message(plan));
    }
  }

  @Test
  void aNameThatIsNotFoundIsAnErrorOrReported() throws IOException {
    ReadOptions renamed = ReadOptions.defaults().renamed(Map.of("erste", "first", "a", "norm"));
    WeightPlan strict = fitting(renamed);
    assertEquals("first", strict.renamed("erste"));
    String line = "no layer 'a' that is 'norm' here";
    assertEquals(
        "weights some.file (numbers): expected the weights of the model, received others:\n  "
            + line,
        message(strict));
    List<String> skipped = new ArrayList<>();
    Weights kept = fitting(ReadOptions.defaults()).read();
    WeightPlan lenient = fitting(renamed.skipMismatch(kept, skipped::add));
    assertEquals("first", lenient.renamed("erste"));
    assertEquals(kept, lenient.read());
    assertEquals(List.of(line), skipped);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT16, '00 3c 00 c2 01 00 ff 7b 00 7c 00 80', '1.0 -3.0 5.9604645E-8 65504.0 Infinity -0.0'",
    "BFLOAT16, '80 3f 40 c0 80 7f', '1.0 -3.0 Infinity'",
    "FLOAT32, '00 00 80 3f 01 00 00 00', '1.0 1.4E-45'",
    "FLOAT64, '00 00 00 00 00 00 f0 3f 9a 99 99 99 99 99 b9 3f', '1.0 0.1'",
    "INT8, '01 ff', '1.0 -1.0'",
    "UINT8, '01 ff', '1.0 255.0'",
    "INT32, '01 00 00 00 ff ff ff ff', '1.0 -1.0'",
    "INT64, '01 00 00 00 00 00 00 00 ff ff ff ff ff ff ff ff', '1.0 -1.0'",
  })
  void numbersOfEveryTypeBecomeFloats(ElementType type, String hex, String expected)
      throws IOException {
    byte[] bytes = hex(hex);
    Path file = Files.write(folder.resolve("numbers"), bytes);
    int count = bytes.length / type.size();
    try (FileChannel channel = FileChannel.open(file)) {
      HostTensor read = StoredTensor.in(channel, 0, "x", Shape.of(count), type).read();
      assertEquals(expected, text(read.values()));
      assertEquals(expected, text(type.decode(bytes)));
    }
  }

  private static byte[] hex(String text) {
    String[] digits = text.split(" ", -1);
    byte[] bytes = new byte[digits.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits[i], 16);
    }
    return bytes;
  }

  private static String text(float[] values) {
    ImmutableList.Builder<String> words = ImmutableList.builder();
    for (float value : values) {
      words.add(Float.toString(value));
    }
    return words.build().stream().collect(Collectors.joining(" "));
  }

  @Test
  void aTensorLargerThanAChunkIsReadWhole() throws IOException {
    int count = (1 << 18) + 3;
    ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(8 + 4 * i, i);
    }
    Path file = Files.write(folder.resolve("numbers"), bytes.array());
    try (FileChannel channel = FileChannel.open(file)) {
      float[] values =
          StoredTensor.in(channel, 8, "x", Shape.of(count), ElementType.FLOAT32).read().values();
      for (int i = 0; i < count; i++) {
        assertEquals(i, values[i]);
      }
    }
  }

  @Test
  void aTensorThatTheFileIsTooShortForIsRefusedBeforeItIsRead() throws IOException {
    Path file = Files.write(folder.resolve("numbers"), new byte[100]);
    try (FileChannel channel = FileChannel.open(file)) {
      Shape huge = Shape.of(1 << 20, 1 << 20, 1 << 20);
      assertEquals(
          "tensor 'x': expected 1152921504606846976 elements of float32 at byte 4, received a file"
              + " of 100 bytes",
          String.valueOf(
              assertThrows(
                      ModelFileException.class,
                      () -> StoredTensor.in(channel, 4, "x", huge, ElementType.FLOAT32))
                  .getMessage()));
      StoredTensor all = StoredTensor.in(channel, 4, "x", Shape.of(24), ElementType.FLOAT32);
      assertEquals(24, all.read().values().length);
    }
  }

  @Test
  void aWholeNumberIsReadExactly() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, (1L << 53) + 1);
    Path file = Files.write(folder.resolve("numbers"), bytes.array());
    try (FileChannel channel = FileChannel.open(file)) {
      StoredTensor tensor = StoredTensor.in(channel, 0, "n", Shape.of(), ElementType.INT64);
      assertEquals((1L << 53) + 1, tensor.readInteger());
    }
  }
}
