package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import dev.tfgraphs.graphs.Compile;
import dev.tfgraphs.graphs.Loss;
import dev.tfgraphs.graphs.Metric;
import dev.tfgraphs.graphs.Optimizer;
import dev.tfgraphs.graphs.Trainer;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Every format that is read, as Keras, TensorFlow, PyTorch's world or this project writes it. */
final class FuzzSubjects {
  private final Path folder;

  private FuzzSubjects(Path folder) {
    this.folder = folder;
  }

  /** All of them, their files below {@code folder}. */
  static ImmutableList<FuzzSubject> in(Path folder) throws IOException {
    FuzzSubjects subjects = new FuzzSubjects(folder);
    return ImmutableList.<FuzzSubject>builder()
        .addAll(subjects.hdf5())
        .add(subjects.wholeHdf5())
        .addAll(subjects.shards())
        .addAll(subjects.archives())
        .addAll(subjects.safetensors())
        .addAll(subjects.checkpoints())
        .addAll(subjects.savedModels())
        .addAll(subjects.configs())
        .addAll(subjects.inspected())
        .build();
  }

  private Path below(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private static FuzzSubject.Seed pieces(Path file, Path read, Model model, Path... others)
      throws IOException {
    return FuzzSubject.Seed.of(
        file,
        () -> {
          Weights weights = WeightFiles.read(read, model);
          List<byte[]> bytes = new ArrayList<>(List.of(Files.readAllBytes(file)));
          for (Path other : others) {
            bytes.add(Files.readAllBytes(other));
          }
          FuzzLaws.pieces(weights, bytes);
        });
  }

  private static FuzzSubject.Seed same(Path file, Path read, Model model) throws IOException {
    Weights whole = WeightFiles.read(read, model);
    return FuzzSubject.Seed.of(file, () -> FuzzLaws.same(whole, WeightFiles.read(read, model)));
  }

  private ImmutableList<FuzzSubject> hdf5() throws IOException {
    Path hdf5 = below("hdf5");
    WeightFixture.unpack(hdf5);
    List<FuzzSubject.Seed> current = new ArrayList<>();
    List<FuzzSubject.Seed> legacy = new ArrayList<>();
    Map<String, String> models = new LinkedHashMap<>(WeightFixture.files());
    models.keySet().removeIf(name -> name.endsWith(".json"));
    for (String name : List.of("plain.weights.h5", "nested.h5")) {
      String model = Objects.requireNonNull(models.get(name));
      WeightFiles.write(
          hdf5.resolve("our_" + name), WeightFixture.model(model), WeightFixture.weights(model));
      models.put("our_" + name, model);
    }
    for (Map.Entry<String, String> each : models.entrySet()) {
      Path file = hdf5.resolve(each.getKey());
      (each.getKey().endsWith(".weights.h5") ? current : legacy)
          .add(pieces(file, file, WeightFixture.model(each.getValue())));
    }
    return ImmutableList.of(
        FuzzSubject.of(".weights.h5", Mutations::fields, current),
        FuzzSubject.of(
            ".h5 of Keras 2 and 3, weights and whole models", Mutations::fields, legacy));
  }

  private FuzzSubject wholeHdf5() throws IOException {
    Path whole = below("whole");
    WholeH5Test.unpack(whole);
    List<FuzzSubject.Seed> seeds = new ArrayList<>();
    for (String name : List.of("nested.h5", "keras2/old_adam.h5")) {
      Path file = whole.resolve(name);
      seeds.add(
          FuzzSubject.Seed.of(
              file,
              () ->
                  FuzzLaws.pieces(
                      KerasModels.load(file).weights(), List.of(Files.readAllBytes(file)))));
    }
    return FuzzSubject.of(".h5 of Keras 2 and 3, trained on from", Mutations::fields, seeds);
  }

  private ImmutableList<FuzzSubject> shards() throws IOException {
    Path shards = below("shards");
    Model model = WeightFixture.plain();
    Path index = shards.resolve("plain.weights.json");
    WeightFiles.writeShards(index, model, WeightFixture.weights("plain"), 240);
    Path[] parts;
    try (Stream<Path> files = Files.list(shards)) {
      parts = files.filter(file -> file.toString().endsWith(".h5")).sorted().toArray(Path[]::new);
    }
    List<FuzzSubject.Seed> seeds = new ArrayList<>();
    for (Path part : parts) {
      seeds.add(pieces(part, index, model, parts));
    }
    return ImmutableList.of(
        FuzzSubject.of("shards", Mutations::fields, seeds),
        FuzzSubject.of(
            ".weights.json", Mutations::otherText, List.of(pieces(index, index, model, parts))));
  }

  private ImmutableList<FuzzSubject> archives() throws IOException {
    Path file = below("keras").resolve("net.keras");
    Model model = Specimen.resNet();
    Compile compile =
        Compile.of(Optimizer.adam(), Loss.sparseCategoricalCrossentropy(), Metric.accuracy());
    try (Trainer trainer = Trainer.of(model, compile.seed(1))) {
      KerasModels.save(file, trainer);
    }
    Weights whole = KerasModels.load(file).weights();
    FuzzSubject.Seed sealed =
        FuzzSubject.Seed.of(file, () -> FuzzLaws.same(whole, KerasModels.load(file).weights()));
    FuzzSubject.Seed inside =
        FuzzSubject.Seed.of(
            file,
            () -> {
              Weights weights = KerasModels.load(file).weights();
              FuzzLaws.pieces(
                  weights,
                  List.of(
                      Objects.requireNonNull(
                          members(Files.readAllBytes(file)).get("model.weights.h5"))));
            });
    return ImmutableList.of(
        FuzzSubject.of(".keras", Mutations::changed, List.of(sealed)),
        FuzzSubject.of(
            ".keras, right checksums of damaged members",
            FuzzSubjects::damagedMember,
            List.of(inside)));
  }

  private static Map<String, byte[]> members(byte[] archive) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }

  private static byte[] damagedMember(byte[] archive, Random random) throws IOException {
    Map<String, byte[]> members = members(archive);
    List<String> names = List.copyOf(members.keySet());
    String chosen = names.get(random.nextInt(names.size()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        byte[] whole = member.getValue();
        boolean text = chosen.endsWith(".json");
        out.putNextEntry(new ZipEntry(member.getKey()));
        out.write(
            !member.getKey().equals(chosen)
                ? whole
                : text ? Mutations.otherText(whole, random) : Mutations.fields(whole, random));
      }
    }
    return bytes.toByteArray();
  }

  private ImmutableList<FuzzSubject> safetensors() throws IOException {
    Path file = below("safetensors").resolve("plain.safetensors");
    Files.copy(Fixtures.path("torch/plain.safetensors"), file);
    Path torch = file.resolveSibling("torch.safetensors");
    Files.copy(Fixtures.path("torch/torchvision_basic.safetensors"), torch);
    List<FuzzSubject.Seed> plain = List.of(pieces(file, file, CheckpointsTest.namedWeights()));
    Model basic = TorchNetworks.dotted().basic();
    // its kernels are turned, so that no piece of the file is one
    FuzzSubject.Seed turned =
        FuzzSubject.Seed.of(torch, () -> WeightFiles.read(torch, basic).checkFit(basic));
    return ImmutableList.of(
        FuzzSubject.of(".safetensors", Mutations::changed, plain),
        FuzzSubject.of(
            ".safetensors, numbers of the header",
            (whole, random) -> Mutations.otherDigits(whole, Long.BYTES, Long.BYTES + 600, random),
            plain),
        FuzzSubject.of(".safetensors of PyTorch", Mutations::changed, List.of(turned)));
  }

  private ImmutableList<FuzzSubject> checkpoints() throws IOException {
    Path prefix = below("checkpoint").resolve("keras3");
    Path index = prefix.resolveSibling("keras3.index");
    Path data = prefix.resolveSibling("keras3.data-00000-of-00001");
    for (Path each : List.of(index, data)) {
      Files.copy(Fixtures.path("checkpoints/" + each.getFileName()), each);
    }
    Model model = CheckpointsTest.namedWeights();
    List<FuzzSubject.Seed> rewritten = List.of(pieces(index, prefix, model, data));
    return ImmutableList.of(
        FuzzSubject.of(
            "checkpoint, index", Mutations::changed, List.of(same(index, prefix, model))),
        FuzzSubject.of("checkpoint, data", Mutations::changed, List.of(same(data, prefix, model))),
        FuzzSubject.of(
            "checkpoint, right checksums of damaged blocks",
            (whole, random) -> Tables.resealed(whole, block -> Mutations.changed(block, random)),
            rewritten),
        FuzzSubject.of(
            "checkpoint, right blocks of damaged entries",
            (whole, random) -> {
              int[] left = {random.nextInt(26)};
              return Tables.rewritten(
                  whole, (key, value) -> left[0]-- == 0 ? Mutations.changed(value, random) : value);
            },
            rewritten));
  }

  private ImmutableList<FuzzSubject> savedModels() throws IOException {
    Specimen specimen = Specimen.named("resnet");
    Path base = below("saved");
    Path version = SavedModels.write(base, specimen.model(), specimen.weights());
    FuzzSubject.Reading loading =
        () -> {
          try (LoadedModel model = SavedModels.load(base)) {
            var unused = model.signatures();
          }
        };
    ImmutableList.Builder<FuzzSubject> subjects = ImmutableList.builder();
    for (String name :
        List.of("variables/variables.index", "variables/variables.data-00000-of-00001")) {
      Path file = version.resolve(name);
      String called = "SavedModel, " + name;
      subjects.add(
          FuzzSubject.of(called, Mutations::changed, List.of(same(file, base, specimen.model()))));
      subjects.add(
          FuzzSubject.of(
                  called + " by TensorFlow",
                  Mutations::changed,
                  List.of(FuzzSubject.Seed.of(file, loading)))
              .slow());
    }
    Path graph = version.resolve("saved_model.pb");
    return subjects
        .add(
            FuzzSubject.of(
                    "SavedModel, saved_model.pb by TensorFlow",
                    Mutations::changed,
                    List.of(FuzzSubject.Seed.of(graph, loading)))
                .slow())
        .build();
  }

  private ImmutableList<FuzzSubject> configs() throws IOException {
    List<FuzzSubject.Seed> seeds = new ArrayList<>();
    for (Specimen specimen : Specimen.all()) {
      Path file = below("configs").resolve(specimen.name() + ".json");
      Files.writeString(file, KerasModels.toJson(specimen.model()));
      seeds.add(
          FuzzSubject.Seed.of(
              file,
              () -> {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                String made = KerasModels.toJson(KerasModels.fromJson(text));
                Map<String, @Nullable Object> object = Json.object("text", text);
                if (!FuzzLaws.hasOtherNames(object)) { // then all that calls them is changed, too
                  FuzzLaws.says(object, Json.object("made", made), "model");
                }
              }));
    }
    return ImmutableList.of(FuzzSubject.of("JSON of models", Mutations::otherText, seeds));
  }

  /** Files of strangers, of which no number is read. */
  private ImmutableList<FuzzSubject> inspected() throws IOException {
    Path inspected = below("inspected");
    WholeH5Test.unpack(inspected);
    List<FuzzSubject.Seed> hdf5 = new ArrayList<>();
    for (String name : List.of("nested.h5", "keras2/old_adam.h5")) {
      hdf5.add(contents(inspected.resolve(name), inspected.resolve(name)));
    }
    Specimen specimen = Specimen.named("resnet");
    Path keras = inspected.resolve("net.keras");
    KerasModels.save(keras, specimen.model(), specimen.weights());
    Path version =
        SavedModels.write(inspected.resolve("saved"), specimen.model(), specimen.weights());
    return ImmutableList.of(
        FuzzSubject.of("inspected, .h5", Mutations::fields, hdf5),
        FuzzSubject.of(
            "inspected, .keras", FuzzSubjects::damagedMember, List.of(contents(keras, keras))),
        FuzzSubject.of(
            "inspected, saved_model.pb",
            Mutations::changed,
            List.of(contents(version.resolve("saved_model.pb"), version))));
  }

  private static FuzzSubject.Seed contents(Path file, Path read) throws IOException {
    return FuzzSubject.Seed.of(file, () -> FuzzLaws.counted(FileContents.of(read)));
  }
}
