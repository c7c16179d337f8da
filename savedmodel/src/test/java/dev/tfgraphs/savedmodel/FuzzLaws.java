package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Bytes;
import dev.tfgraphs.graphs.HostTensor;
import dev.tfgraphs.graphs.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What has to be true of something that was read in spite of damage. */
final class FuzzLaws {
  /** What Keras finds Python's classes by, and what it builds layers for. */
  private static final ImmutableSet<Object> NO_SETTINGS =
      ImmutableSet.of("module", "registered_name", "build_config");

  /** Which result of which call a tensor is; its shape and type follow from that. */
  private static final String HISTORY = "keras_history";

  private FuzzLaws() {}

  /** As in files whose numbers have checksums. */
  static void same(Weights expected, Weights read) {
    assertEquals(expected, read, "expected the undamaged weights");
  }

  /**
   * Formats without checksums cannot tell a number from another, but each weight is a piece of the
   * file as it is now: nothing is made up, shifted or read from elsewhere.
   */
  static void pieces(Weights read, List<byte[]> files) {
    assertFalse(read.tensors().isEmpty());
    read.tensors()
        .forEach(
            (name, tensor) ->
                assertTrue(
                    files.stream().anyMatch(file -> isIn(file, tensor)),
                    () -> name + " is no piece of the file"));
  }

  private static boolean isIn(byte[] file, HostTensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.values().length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.values());
    return Bytes.indexOf(file, bytes.array()) >= 0
        || Arrays.stream(ElementType.values())
            .anyMatch(
                type ->
                    isIn(file, ByteOrder.LITTLE_ENDIAN, type, tensor.values())
                        || isIn(file, ByteOrder.BIG_ENDIAN, type, tensor.values()));
  }

  private static boolean isIn(byte[] file, ByteOrder order, ElementType type, float[] values) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(order);
    for (int at = 0; at <= file.length - values.length * type.size(); at++) {
      int i = 0;
      while (i < values.length
          && Float.compare(type.get(bytes, at + i * type.size()), values[i]) == 0) {
        i++;
      }
      if (i == values.length) {
        return true;
      }
    }
    return false;
  }

  /** Every tensor takes as many bytes as its numbers. */
  static void counted(FileContents contents) {
    for (FileContents.Entry tensor : contents.tensors()) {
      long numbers = tensor.shape().elements();
      assertTrue(
          numbers == 0 ? tensor.bytes() == 0 : tensor.bytes() / numbers <= Double.BYTES,
          tensor::toString);
      assertTrue(tensor.bytes() >= numbers, tensor::toString);
    }
  }

  /** Whether an object of the text is called otherwise outside of its config than inside. */
  static boolean hasOtherNames(@Nullable Object text) {
    if (text instanceof Map<?, ?> map) {
      return (map.get("config") instanceof Map<?, ?> config
              && map.containsKey("name")
              && !Objects.equals(map.get("name"), config.get("name")))
          || map.values().stream().anyMatch(FuzzLaws::hasOtherNames);
    }
    return text instanceof List<?> list && list.stream().anyMatch(FuzzLaws::hasOtherNames);
  }

  /** Keras, too, passes over what it does not know around a config and in that of a model. */
  private static boolean isSetting(Object key, Map<?, ?> text, Map<?, ?> made) {
    boolean isObject = made.containsKey("class_name") || made.containsKey("layers");
    boolean isTensor = text.containsKey(HISTORY);
    return !NO_SETTINGS.contains(key)
        && (!isTensor || key.equals(HISTORY))
        && (!isObject || made.containsKey(key));
  }

  /** What a text says, what was made of it says too; it may leave out what has a default. */
  static void says(@Nullable Object text, @Nullable Object made, String where) {
    if (text instanceof Map<?, ?> ofText && made instanceof Map<?, ?> ofMade) {
      ofText.forEach(
          (key, value) -> {
            if (isSetting(key, ofText, ofMade)) {
              says(value, ofMade.get(key), where + "." + key);
            }
          });
    } else if (text instanceof List<?> ofText
        && made instanceof List<?> ofMade
        && ofText.size() == ofMade.size()) {
      for (int i = 0; i < ofText.size(); i++) {
        says(ofText.get(i), ofMade.get(i), where + "[" + i + "]");
      }
    } else if (text instanceof Number ofText && made instanceof Number ofMade) {
      assertEquals(ofText.doubleValue(), ofMade.doubleValue(), where);
    } else {
      assertEquals(text, made, where);
    }
  }
}
