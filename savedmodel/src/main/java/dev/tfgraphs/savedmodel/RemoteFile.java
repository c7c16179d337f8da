package dev.tfgraphs.savedmodel;

import com.google.common.base.Ascii;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that somebody publishes, such as weights.
 *
 * @param address where it is, http or https
 * @param name how it is called here
 * @param hash its MD5 or its SHA-256, 32 or 64 hexadecimal digits
 */
public record RemoteFile(String address, String name, String hash) {
  private static final Pattern NAME =
      Pattern.compile("[^/\\\\:\\p{Cntrl}]*[^/\\\\:.\\p{Cntrl}][^/\\\\:\\p{Cntrl}]*");

  /**
   * Makes a description of a file.
   *
   * @throws ModelFileException if the address is no http or https, if the name is one of a folder
   *     or of a file in it, or if the hash has other digits
   */
  public RemoteFile {
    hash = Ascii.toLowerCase(hash);
    require(
        NAME.matcher(name).matches(), name, "a name without folders and control characters", name);
    require(
        FileHash.of(hash).isPresent(),
        name,
        "an MD5 of 32 hexadecimal digits or a SHA-256 of 64",
        hash);
    require(parsed(address).isPresent(), name, "an address of http or https", address);
  }

  private static void require(boolean holds, String name, String expected, String received) {
    if (!holds) {
      throw new ModelFileException(
          "file '" + name + "': expected " + expected + ", received '" + received + "'");
    }
  }

  private static Optional<URI> parsed(String address) {
    try {
      URI uri = URI.create(address);
      String scheme = String.valueOf(uri.getScheme());
      boolean web =
          Ascii.equalsIgnoreCase(scheme, "http") || Ascii.equalsIgnoreCase(scheme, "https");
      return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Which hash it is known by. */
  FileHash kind() {
    return FileHash.of(hash).orElseThrow();
  }

  URI uri() {
    return URI.create(address);
  }
}
