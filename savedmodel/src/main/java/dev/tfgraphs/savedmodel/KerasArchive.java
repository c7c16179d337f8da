package dev.tfgraphs.savedmodel;

import com.google.common.base.Suppliers;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .keras} file, which is a zip, or a folder with the same files: {@code config.json},
 * {@code metadata.json}, {@code model.weights.h5}, {@code assets}. Nothing is unpacked but what is
 * asked for, and never to where the file says.
 */
final class KerasArchive implements AutoCloseable {
  static final String CONFIG = "config.json";
  static final String METADATA = "metadata.json";
  static final String WEIGHTS = "model.weights.h5";

  /** Parts of a path that no file below a folder needs. */
  private static final Set<String> STEPS = Set.of("", ".", "..");

  private static final int MOST_ENTRIES = 100_000;

  /** Weights are noise, which packs badly: what grows more is none. */
  private static final int MOST_GROWTH = 100;

  private final Path path;
  private final @Nullable ZipFile zip;
  private final Map<String, ZipEntry> entries = new HashMap<>();
  private final Supplier<Map<String, @Nullable Object>> config;

  private KerasArchive(Path path, @Nullable ZipFile zip) {
    this.path = path;
    this.zip = zip;
    this.config =
        Suppliers.memoize(() -> Json.object(KerasModels.called(path) + CONFIG, text(CONFIG)));
  }

  /**
   * Opens a file or folder.
   *
   * @throws ModelFileException if it cannot be read, or if it is a zip that no Keras has written
   */
  static KerasArchive open(Path path) {
    if (Files.isDirectory(path)) {
      return new KerasArchive(path, null);
    }
    if (!Files.exists(path)) {
      throw new ModelFileException(
          KerasModels.called(path) + "expected a file or folder, found none");
    }
    KerasArchive archive;
    try {
      archive = new KerasArchive(path, new ZipFile(path.toFile(), StandardCharsets.UTF_8));
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new ModelFileException(
          KerasModels.called(path)
              + "expected a zip, received what is none: "
              + ModelFileException.reason(e),
          e);
    }
    try {
      archive.lookOver();
      return archive;
    } catch (RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /** Whether a folder has the files of a {@code .keras} file. */
  static boolean isAt(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  private ModelFileException expected(String expected, String received) {
    return new ModelFileException(
        KerasModels.called(path) + "expected " + expected + ", received " + received);
  }

  /** A name twice, or one that leads elsewhere, is there only to deceive a reader. */
  private void lookOver() {
    ZipFile opened = Objects.requireNonNull(zip);
    if (opened.size() > MOST_ENTRIES) {
      throw expected("at most " + MOST_ENTRIES + " entries", opened.size() + "");
    }
    opened.stream().forEach(this::lookOver);
  }

  private void lookOver(ZipEntry entry) {
    String name = entry.getName();
    if (leadsElsewhere(name)) {
      throw expected("entries below the model", "'" + name + "'");
    }
    if (entries.put(name, entry) != null) {
      throw expected("every entry once", "'" + name + "' twice");
    }
  }

  private static boolean leadsElsewhere(String name) {
    String folder = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return name.contains("\\")
        || name.contains(":")
        || name.indexOf(0) >= 0
        || Arrays.stream(folder.split("/", -1)).anyMatch(STEPS::contains);
  }

  /** What the file says of the model. */
  Map<String, @Nullable Object> config() {
    return config.get();
  }

  /** The model, without weights. */
  Model model() {
    return KerasModels.model(KerasModels.called(path) + CONFIG, config.get());
  }

  /** In which numbers the model is trained. */
  Precision precision(Model model) {
    return DtypePolicies.read(KerasModels.called(path) + CONFIG, config.get(), model);
  }

  /** How the model was compiled, if it was. */
  Optional<Compile> compile(Model model, Precision precision) {
    Object compiled = config.get().get("compile_config");
    if (!(compiled instanceof Map<?, ?> settings) || settings.isEmpty()) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> all = new HashMap<>();
    settings.forEach((key, value) -> all.put((String) key, value));
    return Optional.of(
        KerasModels.compile(KerasModels.called(path) + CONFIG, all, model, precision));
  }

  /** The version of Keras that wrote the file, where it says so. */
  Optional<String> kerasVersion() {
    if (!has(METADATA)) {
      return Optional.empty();
    }
    Object version =
        Json.object(KerasModels.called(path) + METADATA, text(METADATA)).get("keras_version");
    return version instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** Whether there are weights in HDF5, of the form of a {@code .weights.h5}. */
  boolean hasWeights() {
    return has(WEIGHTS);
  }

  /** What is read of the weights, which errors call {@code called}. */
  interface Reading<T> {
    T of(Path called, Hdf5File hdf5) throws IOException;
  }

  /**
   * Reads the weights.
   *
   * @throws ModelFileException as {@link #copyWeights}
   */
  <T> T readWeights(Reading<T> reading) throws IOException {
    Path folder = Files.createTempDirectory("tfgraphs");
    Path weights = folder.resolve(WEIGHTS);
    try {
      copyWeights(weights);
      Path called = path.resolve(WEIGHTS);
      try (Hdf5File hdf5 = KerasHdf5.open(weights, called)) {
        return reading.of(called, hdf5);
      }
    } finally {
      Files.deleteIfExists(weights);
      Files.delete(folder);
    }
  }

  /**
   * Copies the weights into a file of their own, which readers of HDF5 need.
   *
   * @throws ModelFileException if there are none, or if they grow beyond what weights can
   */
  void copyWeights(Path target) {
    try (CheckedInputStream in = open(WEIGHTS);
        OutputStream out = Files.newOutputStream(target)) {
      ZipEntry entry = entries.get(WEIGHTS);
      long most =
          entry == null
              ? Long.MAX_VALUE
              : Math.min(entry.getSize(), MOST_GROWTH * Math.max(entry.getCompressedSize(), 1));
      long copied = 0;
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        copied += read;
        if (copied > most) {
          throw expected(WEIGHTS + " of at most " + most + " bytes", "more");
        }
        out.write(buffer, 0, read);
      }
      check(WEIGHTS, in);
    } catch (IOException e) {
      throw unreadable(WEIGHTS, e);
    }
  }

  private boolean has(String name) {
    return zip == null ? Files.isRegularFile(path.resolve(name)) : entries.containsKey(name);
  }

  private CheckedInputStream open(String name) throws IOException {
    if (!has(name)) {
      throw expected("a " + name, zip == null ? "a folder without" : "a zip without");
    }
    InputStream in =
        zip == null
            ? Files.newInputStream(path.resolve(name))
            : zip.getInputStream(Objects.requireNonNull(entries.get(name)));
    return new CheckedInputStream(in, new CRC32());
  }

  /** A zip has checksums, which Java compares only where it reads from the beginning to the end. */
  private void check(String name, CheckedInputStream read) {
    ZipEntry entry = entries.get(name);
    long checksum = read.getChecksum().getValue();
    if (entry != null && entry.getCrc() != checksum) {
      throw expected(
          "an undamaged %s of checksum %08x".formatted(name, entry.getCrc()),
          "one of %08x".formatted(checksum));
    }
  }

  private String text(String name) {
    try (CheckedInputStream in = open(name)) {
      byte[] bytes = in.readNBytes(Json.LONGEST + 1);
      if (bytes.length > Json.LONGEST) {
        throw expected(name + " of at most " + Json.LONGEST + " bytes", "more");
      }
      check(name, in);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelFileException(KerasModels.called(path) + name + ": expected UTF-8", e);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private ModelFileException unreadable(String name, IOException e) {
    return new ModelFileException(
        KerasModels.called(path) + name + " cannot be read: " + ModelFileException.reason(e), e);
  }

  @Override
  public void close() {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException e) {
      throw unreadable("the zip", e);
    }
  }
}
