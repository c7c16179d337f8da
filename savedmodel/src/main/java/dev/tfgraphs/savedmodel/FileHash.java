package dev.tfgraphs.savedmodel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hashes by which Keras publishes its files, told by their length as in keras/src/utils/
 * file_utils.py. MD5 tells damage, and SHA-256 malice too.
 */
enum FileHash {
  MD5("MD5", 32),
  SHA_256("SHA-256", 64);

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]*");

  private final String algorithm;
  private final int length;

  FileHash(String algorithm, int length) {
    this.algorithm = algorithm;
    this.length = length;
  }

  /** The hash of which {@code digits} are one, in small letters. */
  static Optional<FileHash> of(String digits) {
    return Arrays.stream(values())
        .filter(hash -> hash.length == digits.length() && DIGITS.matcher(digits).matches())
        .findFirst();
  }

  /** Its digits for a file. */
  String of(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java platform has both
    }
  }

  /** {@code SHA-256}. */
  @Override
  public String toString() {
    return algorithm;
  }
}
