package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out what is in a file, once. */
final class ContentsReader {
  private static final String VERSION = "keras_version";
  private static final String WEIGHTS = "model_weights";
  private static final String COMPILED = "compile_config";

  /** Deeper than any file of Keras. */
  private static final int DEPTH = 200;

  private final Path path;
  private final FileKind kind;
  private final ImmutableList.Builder<FileContents.Entry> tensors = ImmutableList.builder();
  private final ImmutableSet.Builder<String> layers = ImmutableSet.builder();
  private final ImmutableList.Builder<Path> files = ImmutableList.builder();
  private ImmutableList<Signature> signatures = ImmutableList.of();
  private Optional<String> network = Optional.empty();
  private Optional<String> training = Optional.empty();
  private Optional<String> version = Optional.empty();

  ContentsReader(Path path, FileKind kind) {
    this.path = path;
    this.kind = kind;
  }

  FileContents read() throws IOException {
    switch (kind) {
      case KERAS_MODEL -> readArchive();
      case LEGACY_MODEL, LEGACY_WEIGHTS, KERAS_WEIGHTS -> readWhole();
      case KERAS_SHARDS -> readShards();
      case SAFETENSORS -> readSafeTensors();
      case CHECKPOINT -> readCheckpoint(Checkpoints.prefix(path));
      case SAVED_MODEL -> readSavedModel();
    }
    return new FileContents(
        kind,
        files.build(),
        tensors.build(),
        layers.build(),
        network,
        training,
        version,
        signatures);
  }

  private void readArchive() throws IOException {
    try (KerasArchive archive = KerasArchive.open(path)) {
      addFiles(path);
      Map<String, @Nullable Object> config = archive.config();
      network = Optional.of(Json.text(config));
      training = compiled(config.get(COMPILED));
      version = archive.kerasVersion();
      if (archive.hasWeights()) {
        archive.readWeights((called, hdf5) -> add(hdf5));
      }
    }
  }

  private static Optional<String> compiled(@Nullable Object settings) {
    return settings instanceof Map<?, ?> map && !map.isEmpty()
        ? Optional.of(Json.text(map))
        : Optional.empty();
  }

  private void addFiles(Path place) throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      all.filter(Files::isRegularFile).sorted().forEach(files::add);
    }
  }

  private void readWhole() throws IOException {
    files.add(path);
    readHdf5(path);
  }

  private void readHdf5(Path file) throws IOException {
    try (Hdf5File hdf5 = KerasHdf5.open(file)) {
      add(hdf5);
    }
  }

  @CanIgnoreReturnValue
  private ContentsReader add(Hdf5File hdf5) throws IOException {
    Hdf5Group root = hdf5.root();
    addTensors(root, new HashSet<>(), 0);
    network = network.or(() -> root.text(LegacyModel.CONFIG));
    training = training.or(() -> root.text(LegacyModel.TRAINING));
    version =
        version
            .or(() -> root.text(VERSION))
            .or(() -> root.group(WEIGHTS).flatMap(group -> group.text(VERSION)));
    return this;
  }

  private void addTensors(Hdf5Group group, Set<Hdf5Object> seen, int depth) throws IOException {
    if (depth > DEPTH) {
      throw group.file().expected("groups in less than " + DEPTH, group.path(), "more");
    }
    if (!seen.add(group.object())) {
      return; // two names of one group, or a circle
    }
    for (String name : group.names()) {
      Optional<Hdf5Group> inner = group.group(name);
      if (inner.isPresent()) {
        addTensors(inner.get(), seen, depth + 1);
      } else {
        group.tensor(name).ifPresent(tensor -> add(tensor, group.text("name")));
      }
    }
  }

  /** Notes a tensor of a layer that a file names, or else calls in the name of the tensor. */
  private void add(StoredTensor tensor, Optional<String> layer) {
    tensors.add(FileContents.Entry.of(tensor));
    String[] names = tensor.name().split("/", -1);
    layer
        .or(() -> Arrays.stream(names).skip(Math.max(0, names.length - 2)).findFirst())
        .ifPresent(layers::add);
  }

  private void readShards() throws IOException {
    files.add(path);
    for (Path shard : KerasShards.shards(path)) {
      files.add(shard);
      readHdf5(shard);
    }
  }

  private void readSafeTensors() throws IOException {
    files.add(path);
    try (RandomBytes bytes = RandomBytes.open(path)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(bytes);
      for (SafeTensorsHeader.Entry entry : header.entries()) {
        add(header.tensor(bytes, entry), Optional.empty());
      }
    }
  }

  private void readCheckpoint(String prefix) throws IOException {
    Path index = Path.of(prefix + ".index").toAbsolutePath();
    String data = Path.of(prefix).getFileName() + ".data-";
    try (Stream<Path> beside = Files.list(index.resolveSibling(""))) {
      List<Path> parts =
          beside.filter(file -> file.getFileName().toString().startsWith(data)).sorted().toList();
      files.add(Path.of(prefix + ".index"));
      parts.forEach(part -> files.add(Path.of(prefix).resolveSibling(part.getFileName())));
    }
    readTensors(prefix);
  }

  /** All that are of numbers; what else there is says how they belong together. */
  private void readTensors(String prefix) throws IOException {
    try (CheckpointFiles checkpoint = CheckpointFiles.open(prefix)) {
      for (String name : checkpoint.names()) {
        checkpoint.tensor(name).ifPresent(tensor -> add(tensor, Optional.empty()));
      }
    }
  }

  private void readSavedModel() throws IOException {
    Path folder = VersionFolders.of(path).latest();
    addFiles(folder);
    signatures = SignatureReader.read(folder);
    String prefix = Checkpoints.prefix(folder);
    if (Files.exists(Path.of(prefix + ".index"))) {
      readTensors(prefix);
    }
  }
}
