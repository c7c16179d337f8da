package dev.tfgraphs.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableSet;
import com.google.gson.JsonElement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every class that Keras has of a family is here, but for those that are named. */
class KerasClassesTest {
  /** What others are made of; a config names none of them. */
  private static final Set<String> BASES = Set.of("Constraint", "Initializer", "Regularizer");

  /** STFT is the kernel of a transform of sounds. */
  private static final Set<String> LEFT_OUT = Set.of("STFT");

  @Test
  void noClassIsMissingWithoutAReason() {
    assertComplete("initializers", Initializers.KINDS.names());
    assertComplete("regularizers", Regularizers.KINDS.names());
    assertComplete("constraints", Constraints.KINDS.names());
  }

  private static void assertComplete(String family, ImmutableSet<String> here) {
    Set<String> keras = new TreeSet<>();
    for (JsonElement name : Fixture.json("classes.json").getAsJsonArray(family)) {
      keras.add(name.getAsString());
    }
    keras.removeAll(BASES);
    keras.removeAll(LEFT_OUT);
    assertEquals(keras, new TreeSet<>(here), family);
  }
}
