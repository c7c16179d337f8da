package dev.tfgraphs.savedmodel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFileTest {
  private static final String ADDRESS = "https://example.com/weights.h5";
  private static final String MD5 = "0123456789abcdef0123456789abcdef";

  private static String refused(String address, String name, String hash) {
    return String.valueOf(
        assertThrows(ModelFileException.class, () -> new RemoteFile(address, name, hash))
            .getMessage());
  }

  @Test
  void aHashMayHaveCapitals() {
    RemoteFile file = new RemoteFile(ADDRESS, "weights.h5", "0123456789ABCDEF0123456789ABCDEF");
    assertEquals(new RemoteFile(ADDRESS, "weights.h5", MD5), file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a\\b", "C:a", "../a", "a\nb"})
  void aNameIsThatOfAFile(String name) {
    assertEquals(
        "file '"
            + name
            + "': expected a name without folders and control characters, received '"
            + name
            + "'",
        refused(ADDRESS, name, MD5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0123", "0123456789abcdef0123456789abcdeg"})
  void aHashHasItsDigits(String hash) {
    assertEquals(
        "file 'w.h5': expected an MD5 of 32 hexadecimal digits or a SHA-256 of 64, received '"
            + hash
            + "'",
        refused(ADDRESS, "w.h5", hash));
  }

  @ParameterizedTest
  @CsvSource({"''", "weights.h5", "ftp://example.com/w", "file:///w", "http:///w", "https://a b/c"})
  void anAddressIsOfTheWeb(String address) {
    assertEquals(
        "file 'w.h5': expected an address of http or https, received '" + address + "'",
        refused(address, "w.h5", MD5));
  }
}
