package dev.tfgraphs.savedmodel;

import static dev.tfgraphs.ops.Layers.dense;
import static dev.tfgraphs.ops.Layers.input;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import dev.tfgraphs.ops.Node;
import dev.tfgraphs.ops.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafeTensorsTest {
  private static final String KERNEL =
      "'fc/kernel':{'dtype':'F32','shape':[3,2],'data_offsets':[0,24]}";
  private static final String BIAS = "'fc/bias':{'dtype':'F32','shape':[2],'data_offsets':[24,32]}";

  @TempDir Path folder;

  private static Model model() {
    Node x = input(3);
    return Model.of(x, x.to(dense(2).name("fc")));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.safetensors"), bytes);
  }

  /** A file of {@code header}, in which {@code '} stands for {@code "}, and so many bytes. */
  private static byte[] bytes(String header, int data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    for (int i = 0; bytes.remaining() >= Float.BYTES; i++) {
      bytes.putFloat(i);
    }
    return bytes.array();
  }

  private static Weights read(Path file) {
    return WeightFiles.read(file, model());
  }

  @ParameterizedTest
  @MethodSource("dev.tfgraphs.savedmodel.Specimen#all")
  void whatIsWrittenIsReadAgain(Specimen specimen) throws IOException {
    Path file = folder.resolve("weights.safetensors");
    WeightFiles.write(file, specimen.model(), specimen.weights());
    assertEquals(specimen.weights(), WeightFiles.read(file, specimen.model()));
    assertEquals(0, SafeTensorsHeader.of(List.of()).length() % Long.BYTES);
  }

  @Test
  void weightsOfAKerasModelAreReadByTheirPaths() throws IOException {
    Path file = Fixtures.path("torch/plain.safetensors");
    Weights read = WeightFiles.read(file, CheckpointsTest.namedWeights());
    assertEquals(CheckpointsTest.numbers(), read);
  }

  @Test
  void theBytesAreThoseOfPythonsLibrary() throws IOException {
    ImmutableMap.Builder<String, HostTensor> keras = ImmutableMap.builder();
    CheckpointsTest.numbers()
        .tensors()
        .forEach((path, tensor) -> keras.put(path.replace("nest/", ""), tensor));
    Path file = folder.resolve("weights.safetensors");
    SafeTensors.write(file, Weights.of(keras.buildOrThrow()));
    assertArrayEquals(
        Files.readAllBytes(Fixtures.path("torch/plain.safetensors")), Files.readAllBytes(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{%s,%s}",
        "{%s,%s}   ",
        "{'__metadata__':{'format':'pt'},%s,%s}",
        "{  %s ,  %s }",
      })
  void whatTheFormatAllowsIsRead(String header) throws IOException {
    Weights read = read(file(bytes(header.formatted(BIAS, KERNEL), 32)));
    assertEquals(
        new HostTensor(Shape.of(3, 2), new float[] {0, 1, 2, 3, 4, 5}), read.get("fc/kernel"));
    assertEquals(new HostTensor(Shape.of(2), new float[] {6, 7}), read.get("fc/bias"));
  }

  static List<Arguments> wrongHeaders() {
    String one = "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";
    String json = "header: expected the JSON of safetensors: ";
    return List.of(
        Arguments.of("[]", 0, "header: expected '{' first, received '['"),
        Arguments.of(
            one.replace("F32", "C64"),
            8,
            "tensor 'x': expected a dtype of [BOOL, U8, I8, I16, U16, I32, U32, I64, U64, F16,"
                + " BF16, F32, F64], received C64"),
        Arguments.of(
            one.replace("[2]", "[-2]"),
            8,
            "tensor 'x': expected whole numbers below 10^18, received -2"),
        Arguments.of(
            one.replace("[2]", "[2.0]"),
            8,
            "tensor 'x': expected whole numbers below 10^18, received 2.0"),
        Arguments.of(
            one.replace("[2]", "['2']"),
            8,
            "tensor 'x': expected whole numbers below 10^18, received STRING"),
        Arguments.of(
            one.replace("[2]", "[2147483648]"),
            8,
            "tensor 'x': expected sizes of 0 to 2^31 - 1, received [2147483648]"),
        Arguments.of(
            one.replace("[2]", "[2147483647,2147483647,2147483647]"),
            8,
            "tensor 'x': expected less than 2^31 elements, received [2147483647, 2147483647,"
                + " 2147483647]"),
        Arguments.of(
            one.replace("[2]", "[3]"),
            8,
            "tensor 'x': expected 12 bytes for F32 of (3,), received 8"),
        Arguments.of(
            one.replace("[0,8]", "[8,0]"),
            8,
            "tensor 'x': expected two data_offsets, the smaller first, received [8, 0]"),
        Arguments.of(
            one.replace("[0,8]", "[0]"),
            8,
            "tensor 'x': expected two data_offsets, the smaller first, received [0]"),
        Arguments.of(
            one.replace("[0,8]", "[4,12]"),
            12,
            "tensor 'x': expected its numbers at byte 0, where those before it end, received 4"),
        Arguments.of(one, 4, "header: expected tensors of all 4 bytes after it, received 8"),
        Arguments.of(one, 12, "header: expected tensors of all 12 bytes after it, received 8"),
        Arguments.of(
            one.replace("'shape':[2],", ""),
            8,
            "tensor 'x': expected dtype, shape and data_offsets, received [dtype, data_offsets]"),
        Arguments.of(
            one.replace("}}", ",'packed':1}}"),
            8,
            "tensor 'x': expected dtype, shape and data_offsets, received packed"),
        Arguments.of(
            one.replace("}}", ",'shape':[2]}}"),
            8,
            "header: expected a name once, received 'shape' twice"),
        Arguments.of(
            one.replace("}}", "},'x':{}}"), 8, "header: expected a name once, received 'x' twice"),
        Arguments.of(
            one.replace("'x'", "''"),
            8,
            "header: expected names of characters that can be printed"),
        Arguments.of(
            one.replace("'x'", "'\\u0007'"),
            8,
            "header: expected names of characters that can be printed"),
        Arguments.of(
            one.replace("[2]", "[" + "1,".repeat(32) + "2]"),
            8,
            "tensor 'x': expected a list of at most 32 numbers, received more"),
        Arguments.of(one.replace("'F32'", "7"), 8, "tensor 'x': expected text, received NUMBER"),
        Arguments.of(
            "{'__metadata__':{'a':1}}", 0, "tensor '__metadata__': expected text, received NUMBER"),
        Arguments.of(one + "{}", 8, json + "Use JsonReader"),
        Arguments.of("{'x':[]}", 8, json + "Expected BEGIN_OBJECT but was BEGIN_ARRAY"),
        Arguments.of("{'x'", 8, json + "End of input"));
  }

  @ParameterizedTest
  @MethodSource("wrongHeaders")
  void whatTheFormatForbidsIsAnError(String header, int data, String problem) throws IOException {
    assertFails(file(bytes(header, data)), problem);
  }

  private static void assertFails(Path file, String problem) {
    ModelFileException e = assertThrows(ModelFileException.class, () -> read(file));
    String message = String.valueOf(e.getMessage());
    String start = "weights " + file + " (safetensors): " + problem;
    assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
  }

  @Test
  void filesThatEndTooEarlyAreAnError() throws IOException {
    assertFails(
        file(new byte[7]), "expected 8 bytes for the length of the header, received a file of 7");
    assertFails(
        file(new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'}),
        "header: expected 2 to 100000000 bytes in a file of 10, received 9");
    assertFails(
        file(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'}),
        "header: expected 2 to 100000000 bytes in a file of 10, received 18446744073709551615");
    assertFails(
        file(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', (byte) 0xff, '}'}),
        "header: expected UTF-8, received other bytes");
  }

  @Test
  void weightsThatAreNotTheModelsAreListed() throws IOException {
    String header =
        "{%s,%s}".formatted(KERNEL.replace("[3,2]", "[2,3]"), BIAS.replace("fc/", "a/"));
    assertFails(
        file(bytes(header, 32)),
        """
        expected the weights of the model, received others:
          fc/kernel: expected (3, 2), received (2, 3)
          missing fc/bias (2,)
          unused a/bias float32 (2,)\
        """
            .stripIndent());
  }
}
