package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
  /** In the Java classes of the native layer and in every library for a platform. */
  private static final String MARK =
      "META-INF/maven/org.tensorflow/tensorflow-core-native/pom.properties";

  private static final Pattern LIBRARY =
      Pattern.compile("tensorflow-core-native-[0-9.]+-(?:linux|macosx|windows)-[^/]*[.]jar");

  @Test
  void exactlyOneNativeLibraryIsOnTheClassPath() throws IOException {
    List<URL> jars = Collections.list(getClass().getClassLoader().getResources(MARK));
    List<URL> libraries =
        jars.stream().filter(jar -> LIBRARY.matcher(jar.toString()).find()).toList();
    assertEquals(2, jars.size(), jars::toString);
    assertEquals(1, libraries.size(), libraries::toString);
  }
}
