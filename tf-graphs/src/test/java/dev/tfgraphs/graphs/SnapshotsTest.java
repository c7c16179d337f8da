package dev.tfgraphs.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  @TempDir private Path folder;

  private Path target() {
    return folder.resolve("model");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void write(Path target, String text) throws IOException {
    Snapshots.replace(target, path -> Files.writeString(path, text));
  }

  /** Never ends its writing; before, it writes once more to the same target. */
  public static final class Hanging {
    private Hanging() {}

    public static void main(String... arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      Snapshots.replace(
          target,
          path -> {
            Files.writeString(path, "half");
            write(target, "inner");
            hang();
          });
    }
  }

  private Process hanging() throws IOException {
    Process process = Programs.start(Hanging.class, target().toString());
    assertEquals("writing", process.inputReader().readLine());
    return process;
  }

  @Test
  @Timeout(120)
  void whatTheKilledHaveLeftIsDeletedByTheNextWriteToTheSameTarget()
      throws IOException, InterruptedException {
    Process first = hanging();
    Process second = hanging();
    assertEquals("inner", Files.readString(target()));
    Files.createDirectories(folder.resolve(".model-2-17"));
    Files.createDirectories(folder.resolve(".model-3").resolve("mine"));
    Files.writeString(folder.resolve(".model-4"), "mine");
    List<String> written = names();
    assertEquals(6, written.size(), written::toString);

    write(target(), "of the living");
    assertEquals(written, names());
    write(folder.resolve("model-2"), "another");
    first.destroyForcibly().waitFor();
    Files.delete(folder.resolve("model-2"));
    assertEquals(written, names());

    write(target(), "after one death");
    assertEquals(5, names().size());
    second.destroyForcibly().waitFor();
    Snapshots.replace(
        target(), path -> Files.writeString(Files.createDirectory(path).resolve("a"), "folder"));
    assertEquals(List.of(".model-2-17", ".model-3", ".model-4", "model"), names());
    assertEquals("folder", Files.readString(target().resolve("a")));
    assertTrue(Files.exists(folder.resolve(".model-3").resolve("mine")));
  }

  /** Never ends between the two moves by which one folder takes the place of another. */
  public static final class Between {
    private Between() {}

    public static void main(String... arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      try (Aside aside = Aside.of(target)) {
        fill(aside.fresh(), arguments[1]);
        Files.move(target, aside.old());
        hang();
      }
    }
  }

  /** Never ends after both moves, with the half of the old one deleted. */
  public static final class Closing {
    private Closing() {}

    public static void main(String... arguments) throws IOException {
      Path target = Path.of(arguments[0]);
      try (Aside aside = Aside.of(target)) {
        Path fresh = aside.fresh();
        fill(fresh, arguments[1]);
        Snapshots.put(fresh, target, aside.old());
        Files.delete(aside.old().resolve("a"));
        hang();
      }
    }
  }

  private static void hang() throws IOException {
    System.out.println("writing");
    System.out.flush();
    while (true) {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static void fill(Path folder, String text) throws IOException {
    Files.writeString(Files.createDirectory(folder).resolve("a"), text);
  }

  private Process hanging(Class<?> program, String text) throws IOException {
    Process process = Programs.start(program, target().toString(), text);
    assertEquals("writing", process.inputReader().readLine());
    return process;
  }

  private void assertOnly(String text) throws IOException {
    assertEquals(text, Files.readString(target().resolve("a")));
    assertEquals(List.of("model"), names());
  }

  @Test
  @Timeout(120)
  void whatIsKilledBetweenItsTwoMovesIsFinished() throws IOException, InterruptedException {
    fill(target(), "before");
    Process process = hanging(Between.class, "new");
    Aside.finish(target());
    assertFalse(Files.exists(target()), "somebody is at it");
    process.destroyForcibly().waitFor();
    Aside.finish(target());
    assertOnly("new");
  }

  @Test
  @Timeout(120)
  void ofTwoThatAreKilledBetweenTheirMovesTheLastIsFinished()
      throws IOException, InterruptedException {
    for (int i = 0; i < 4; i++) { // in which order a folder lists them is chance
      fill(target(), "before");
      Process first = hanging(Between.class, "first");
      fill(target(), "between");
      Process second = hanging(Between.class, "second");
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
      Aside.finish(target());
      assertEquals("second", Files.readString(target().resolve("a")));
      write(target(), "next");
      assertEquals(List.of("model"), names());
      Files.delete(target());
    }
  }

  @Test
  @Timeout(120)
  void whatIsKilledWhileItDeletesTheOldBringsNothingBack()
      throws IOException, InterruptedException {
    fill(target(), "before");
    Process process = hanging(Closing.class, "new");
    process.destroyForcibly().waitFor();
    Aside.finish(target());
    assertEquals("new", Files.readString(target().resolve("a")));
    Snapshots.delete(target());
    Aside.finish(target());
    assertFalse(Files.exists(target()), "half of the old one is back");
    Snapshots.write(target(), inside -> Files.writeString(inside.resolve("a"), "next"));
    assertOnly("next");
  }

  @Test
  @Timeout(120)
  void whatMustNotReplaceDoesNotReplaceWhatIsLeftEither() throws IOException, InterruptedException {
    fill(target(), "before");
    hanging(Between.class, "new").destroyForcibly().waitFor();
    assertThrows(
        FileAlreadyExistsException.class,
        () -> Snapshots.write(target(), inside -> Files.writeString(inside.resolve("a"), "next")));
    assertOnly("new");
  }

  @Test
  @Timeout(120)
  void theNextWriteThatFailsFinishesItToo() throws IOException, InterruptedException {
    fill(target(), "before");
    hanging(Between.class, "new").destroyForcibly().waitFor();
    IOException full = new IOException("disk full");
    Snapshots.Writing failing =
        path -> {
          throw full;
        };
    assertEquals(full, assertThrows(IOException.class, () -> Snapshots.replace(target(), failing)));
    assertEquals("new", Files.readString(target().resolve("a")));
    assertEquals(List.of("model"), names());
  }

  @Test
  void aFolderIsReplacedWholeOrNotAtAll() throws IOException {
    Snapshots.write(target(), inside -> Files.writeString(inside.resolve("a"), "1"));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> Snapshots.write(target(), inside -> Files.writeString(inside.resolve("a"), "2")));
    IOException full = new IOException("disk full");
    assertEquals(
        full,
        assertThrows(
            IOException.class,
            () ->
                Snapshots.replace(
                    target(),
                    path -> {
                      Files.writeString(Files.createDirectory(path).resolve("a"), "3");
                      throw full;
                    })));
    assertEquals("1", Files.readString(target().resolve("a")));
    assertEquals(List.of("model"), names());
  }

  @Test
  void whatWasThereComesBackWhenItCannotBeReplaced() throws IOException {
    Snapshots.write(target(), inside -> Files.writeString(inside.resolve("a"), "1"));
    assertThrows(
        NoSuchFileException.class,
        () -> Snapshots.put(folder.resolve("missing"), target(), folder.resolve("old")));
    assertEquals("1", Files.readString(target().resolve("a")));
    assertEquals(List.of("model"), names());
  }

  @Test
  void whatCannotComeBackIsNotDeleted() throws IOException {
    Path old;
    try (Aside aside = Aside.of(target())) {
      old = Files.writeString(aside.old(), "1");
    }
    assertEquals("1", Files.readString(old));
    write(target(), "2");
    assertEquals(List.of("model"), names());
  }

  @Test
  @Timeout(120)
  void manyWriteBesideOneTargetAtOnceInOneProcess() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> writing = new ArrayList<>();
    try {
      for (int i = 0; i < 2000; i++) {
        writing.add(threads.submit(() -> writeAside()));
      }
      for (Future<?> written : writing) {
        written.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of(), names());
  }

  private @Nullable Void writeAside() throws IOException {
    try (Aside aside = Aside.of(target())) {
      Files.createDirectory(aside.fresh());
      aside.deleteLeft();
    }
    return null;
  }

  /** A checkpoint may have any name. */
  @Test
  void namesThatAreUsedAsideCollideWithNothing() throws IOException {
    for (String name : List.of("lock", "new", "old", "a b", "(x*")) {
      Path target = folder.resolve(name);
      Snapshots.write(target, inside -> Files.writeString(inside.resolve("a"), name));
      Snapshots.replace(
          target, path -> Files.writeString(Files.createDirectory(path).resolve("a"), name));
      assertEquals(name, Files.readString(target.resolve("a")));
      write(target, name);
      assertEquals(name, Files.readString(target));
    }
    assertEquals(5, names().size());
  }
}
