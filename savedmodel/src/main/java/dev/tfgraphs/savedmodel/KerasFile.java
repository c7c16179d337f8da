package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteSource;
import com.google.common.io.MoreFiles;
import dev.tfgraphs.graphs.Precision;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** A whole {@code .keras} file (keras/src/saving/saving_lib.py), read and written. */
final class KerasFile implements WeightFormat {
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd@HH:mm:ss");

  private static final ImmutableList<String> ENDINGS = ImmutableList.of(".keras");
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  static KerasModel read(Path path) throws IOException {
    try (KerasArchive archive = KerasArchive.open(path)) {
      Model model = archive.model();
      Precision precision = archive.precision(model);
      String where = KerasModels.called(path) + KerasArchive.WEIGHTS;
      return archive.readWeights(
          (called, hdf5) ->
              new KerasModel(
                  model,
                  KerasHdf5.read(called, hdf5, model, ReadOptions.defaults()),
                  precision,
                  archive.compile(model, precision),
                  KerasWeights.optimizer(where, MergedGroup.of(ImmutableList.of(hdf5.root())))));
    }
  }

  @Override
  public ImmutableList<String> endings() {
    return ENDINGS;
  }

  @Override
  public boolean isIn(Path file, byte[] head) {
    return ByteBuffer.wrap(ZIP).mismatch(ByteBuffer.wrap(head)) == ZIP.length
        || KerasArchive.isAt(file);
  }

  @Override
  public FileKind kind(Path file) {
    return FileKind.KERAS_MODEL;
  }

  @Override
  public Weights read(Path file, Model model, ReadOptions options) throws IOException {
    try (KerasArchive archive = KerasArchive.open(file)) {
      return archive.readWeights((called, hdf5) -> KerasHdf5.read(called, hdf5, model, options));
    }
  }

  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    throw new ModelFileException(
        "weights "
            + target
            + ": expected a name of weights alone, received that of a whole model, which"
            + " KerasModels.save writes");
  }

  /** Writes a model, whose optimizer's variables are in the order of Keras 3. */
  static void write(Path path, KerasModel whole) throws IOException {
    Model model = whole.model();
    whole.weights().checkFit(model);
    Map<String, @Nullable Object> config =
        new LinkedHashMap<>(DtypePolicies.written(model, whole.precision()));
    whole.compile().ifPresent(how -> config.put("compile_config", how.config(model).settings()));
    Hdf5Writer.Group hdf5 = KerasWeights.written(model, whole.weights(), whole.optimizer());
    String name = path.toAbsolutePath().getFileName().toString();
    NewFile.put(
        path,
        ImmutableList.of(new NewFile(name, zip -> write(zip, config, hdf5))),
        ImmutableSet.of());
  }

  private static void write(
      Path file, Map<String, @Nullable Object> config, Hdf5Writer.Group weights)
      throws IOException {
    Path hdf5 = file.resolveSibling(KerasArchive.WEIGHTS);
    Hdf5Writer.write(hdf5, weights);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, KerasArchive.METADATA, text(metadata()));
      put(zip, KerasArchive.CONFIG, text(config));
      put(zip, KerasArchive.WEIGHTS, MoreFiles.asByteSource(hdf5));
    }
  }

  private static ByteSource text(Map<String, ? extends @Nullable Object> object) {
    return ByteSource.wrap(Json.text(object).getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> metadata() {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("keras_version", KerasWeights.VERSION);
    metadata.put("date_saved", LocalDateTime.now(ZoneId.systemDefault()).format(DATE));
    return metadata;
  }

  /** Keras packs nothing, since weights do not get smaller. */
  private static void put(ZipOutputStream zip, String name, ByteSource content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.size());
    entry.setCompressedSize(content.size());
    entry.setCrc(content.hash(Hashing.crc32()).padToLong());
    zip.putNextEntry(entry);
    content.copyTo(zip);
    zip.closeEntry();
  }
}
