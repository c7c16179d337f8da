package dev.tfgraphs.examples.slides;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tfgraphs.savedmodel.Downloads;
import dev.tfgraphs.savedmodel.RemoteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10ArchiveTest {
  private static final List<String> FILES =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin",
          "test_batch.bin");

  @TempDir private Path folder;

  /** The file at {@code index} has a length of its own, some of whole blocks. */
  private static byte[] content(int index) {
    byte[] content = new byte[index * 256];
    Arrays.fill(content, (byte) (index + 1));
    return content;
  }

  private static TarFile archive() {
    TarFile archive =
        new TarFile()
            .add("cifar-10-batches-bin/", new byte[0])
            .add("cifar-10-batches-bin/batches.meta.txt", new byte[700])
            .add("../test_batch.bin", new byte[3])
            .add("cifar-10-batches-bin/../test_batch.bin", new byte[3])
            .add("/tmp/test_batch.bin", new byte[3]);
    for (int i = 0; i < FILES.size(); i++) {
      archive.add("cifar-10-batches-bin/" + FILES.get(i), content(i));
    }
    return archive;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theSixFilesAreWrittenAndNothingElse() throws IOException {
    Path unpacked = folder.resolve("a/b");
    Cifar10Archive.unpack(archive().end().write(folder.resolve("cifar.tar.gz")), unpacked);
    assertEquals(FILES, names(unpacked));
    assertEquals(List.of("b"), names(folder.resolve("a")));
    for (int i = 0; i < FILES.size(); i++) {
      assertArrayEquals(content(i), Files.readAllBytes(unpacked.resolve(FILES.get(i))));
    }
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws IOException {
    Path archive = archive().end().write(folder.resolve("cifar.tar.gz"));
    RemoteFile remote =
        new RemoteFile("http://localhost:9/cifar.tar.gz", "cifar.tar.gz", Downloads.md5(archive));
    Downloads downloads = Downloads.into(folder).attempts(1);
    Path unpacked = Cifar10Archive.fetch(downloads, remote);
    assertEquals(folder.resolve("cifar-10-batches-bin"), unpacked);
    assertEquals(FILES, names(unpacked));
    Files.delete(archive);
    assertEquals(unpacked, Cifar10Archive.fetch(downloads, remote));
  }

  private void refused(String received, TarFile tar) throws IOException {
    Path archive = tar.write(folder.resolve("bad.tar.gz"));
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Cifar10Archive.unpack(archive, folder));
    assertEquals(
        "CIFAR-10: expected the six files of the binary version in "
            + archive
            + ", received "
            + received,
        e.getMessage());
  }

  @Test
  void anArchiveOfOtherFilesIsRefused() throws IOException {
    refused(
        "an archive without data_batch_2.bin, data_batch_3.bin, data_batch_4.bin,"
            + " data_batch_5.bin, test_batch.bin",
        new TarFile().add("cifar-10-batches-bin/data_batch_1.bin", content(1)).end());
  }

  @Test
  void anArchiveThatIsCutOffIsRefused() throws IOException {
    refused("an archive that ends within a file", new TarFile());
    refused(
        "an archive that ends within a file",
        new TarFile().add("cifar-10-batches-bin/data_batch_1.bin", "00000010000", new byte[512]));
  }

  @Test
  void aFileOfNoSizeIsRefused() throws IOException {
    for (String size : List.of("", "-1", "99", "777777777777", "400000001")) {
      String path = "cifar-10-batches-bin/data_batch_1.bin";
      refused(
          "'%s' of '%s' bytes in octal digits".formatted(path, size),
          new TarFile().add(path, size, new byte[512]));
    }
  }

  @Test
  void whatIsNotCompressedIsRefused() throws IOException {
    Path archive = Files.writeString(folder.resolve("cifar.tar.gz"), "no archive at all");
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Cifar10Archive.unpack(archive, folder));
    assertEquals(
        "CIFAR-10: expected the six files of the binary version in "
            + archive
            + ", received Not in GZIP format",
        e.getMessage());
  }
}
