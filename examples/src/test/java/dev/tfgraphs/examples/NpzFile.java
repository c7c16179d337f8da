package dev.tfgraphs.examples;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Arrays to be written as numpy.savez_compressed does. */
record NpzFile(ImmutableMap<String, byte[]> arrays) {
  static NpzFile of(String name, String type, String shape, String hex) {
    return new NpzFile(ImmutableMap.of()).and(name, type, shape, hex);
  }

  /** These and one more, as hexadecimal digits of its bytes. */
  NpzFile and(String name, String type, String shape, String hex) {
    return with(name, npy(type, shape, hex));
  }

  NpzFile with(String name, byte[] bytes) {
    return new NpzFile(
        ImmutableMap.<String, byte[]>builder().putAll(arrays).put(name, bytes).buildOrThrow());
  }

  /** A file of one array, of the first version. */
  static byte[] npy(String type, String shape, String hex) {
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }   \n";
    byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0};
    return Bytes.concat(
        start,
        header.getBytes(StandardCharsets.ISO_8859_1),
        BaseEncoding.base16().lowerCase().decode(hex));
  }

  Path write(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }
}
