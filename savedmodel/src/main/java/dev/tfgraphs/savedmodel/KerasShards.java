package dev.tfgraphs.savedmodel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.io.Closer;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.tfgraphs.graphs.Weights;
import dev.tfgraphs.ops.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Weights in several files of Keras 3, and the index {@code .weights.json} that says which group is
 * in which. Keras's source: saving/saving_lib.py, ShardedH5IOStore.
 */
final class KerasShards implements WeightFormat {
  /** How large a shard is at most when nothing else is said; Keras's ShardedH5IOStore. */
  static final long DEFAULT = 5L << 30;

  private static final String ENDING = ".weights.json";
  private static final String SHARD = ".weights.h5";
  private static final String KIND = "Keras HDF5 shards";

  /** A name that leads nowhere else on any system. */
  private static final Pattern PLAIN = Pattern.compile("[^./\\\\:\\p{Cntrl}][^/\\\\:\\p{Cntrl}]*");

  /** More than any index has. */
  private static final long LARGEST = 1 << 26;

  private static final String MAP = "weight_map";

  private final long most;

  /** Shards with at most {@code most} bytes of numbers. */
  KerasShards(long most) {
    this.most = most;
  }

  @Override
  public ImmutableList<String> endings() {
    return ImmutableList.of(ENDING);
  }

  /** JSON may be anything: only the name says what it is. */
  @Override
  public boolean isIn(Path file, byte[] head) {
    return file.toString().endsWith(ENDING);
  }

  @Override
  public FileKind kind(Path file) {
    return FileKind.KERAS_SHARDS;
  }

  @Override
  public Weights read(Path file, Model model, ReadOptions options) throws IOException {
    WeightPlan plan = new WeightPlan(file, KIND, model, options);
    try (Closer opened = Closer.create()) {
      ImmutableList.Builder<Hdf5Group> roots = ImmutableList.builder();
      for (Path shard : shards(file)) {
        roots.add(opened.register(Hdf5File.open(shard, KIND)).root());
      }
      KerasWeights.plan(MergedGroup.of(roots.build()), plan, model, options);
      return plan.read();
    }
  }

  /** The files beside {@code index} that it names. */
  static ImmutableSet<Path> shards(Path index) throws IOException {
    if (Files.size(index) > LARGEST) {
      throw ModelFileException.ofWeights(
          index, KIND, "expected an index of at most %d bytes".formatted(LARGEST));
    }
    Set<String> names = new LinkedHashSet<>();
    try {
      JsonObject map =
          JsonParser.parseString(Files.readString(index)).getAsJsonObject().getAsJsonObject(MAP);
      for (String group : map.keySet()) {
        JsonElement file = map.get(group);
        JsonArray several = file.isJsonArray() ? file.getAsJsonArray() : new JsonArray();
        several.forEach(each -> names.add(each.getAsString()));
        if (!file.isJsonArray()) {
          names.add(file.getAsString());
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NullPointerException
        | ClassCastException e) {
      throw ModelFileException.ofWeights(
          index, KIND, "expected a JSON object with a '" + MAP + "' of file names", e);
    }
    return names.stream().map(name -> beside(index, name)).collect(ImmutableSet.toImmutableSet());
  }

  private static Path beside(Path index, String name) {
    if (!PLAIN.matcher(name).matches()) {
      throw ModelFileException.ofWeights(
          index,
          KIND,
          "expected names of files beside it, received '" + ModelFileException.shown(name) + "'");
    }
    return index.resolveSibling(name);
  }

  @Override
  public ImmutableList<NewFile> files(Path target, Model model, Weights weights) {
    String name = target.getFileName().toString();
    Writing writing = new Writing(name, most);
    for (KerasWeights.Entry entry : KerasWeights.entries(model, weights)) {
      for (int i = 0; i < entry.tensors().size(); i++) {
        writing.add(entry, i);
      }
    }
    return writing.files();
  }

  @Override
  public boolean isPart(String target, String other) {
    String number = other.endsWith(SHARD) ? withoutEnding(other, SHARD) : "";
    return number.startsWith(base(target) + "_")
        && number.substring(base(target).length() + 1).matches("\\d{5,}");
  }

  @Override
  public ImmutableSet<String> parts(Path target) {
    try {
      return shards(target).stream()
          .map(shard -> shard.getFileName().toString())
          .filter(shard -> isPart(target.getFileName().toString(), shard))
          .collect(ImmutableSet.toImmutableSet());
    } catch (IOException | ModelFileException e) {
      return ImmutableSet.of();
    }
  }

  private static String base(String index) {
    return withoutEnding(index, ENDING);
  }

  private static String withoutEnding(String name, String ending) {
    return name.substring(0, name.length() - ending.length());
  }

  private static final class Writing {
    private final String index;
    private final long most;
    private final ImmutableList.Builder<NewFile> files = ImmutableList.builder();
    private final SetMultimap<String, String> map = LinkedHashMultimap.create();
    private Hdf5Writer.Group root = new Hdf5Writer.Group();
    private String shard = "";
    private int shards;
    private long size;
    private long total;

    Writing(String index, long most) {
      this.index = index;
      this.most = most;
      begin();
    }

    private void begin() {
      Hdf5Writer.Group group = new Hdf5Writer.Group();
      shard = String.format(Locale.ROOT, "%s_%05d%s", base(index), shards++, SHARD);
      root = group;
      size = 0;
      files.add(new NewFile(shard, fresh -> Hdf5Writer.write(fresh, group)));
    }

    ImmutableList<NewFile> files() {
      String json = new GsonBuilder().setPrettyPrinting().create().toJson(json());
      return files.add(new NewFile(index, fresh -> Files.writeString(fresh, json))).build();
    }

    void add(KerasWeights.Entry entry, int number) {
      StoredTensor tensor = entry.tensors().get(number);
      long bytes = tensor.shape().elements() * tensor.type().size();
      if (bytes > most) {
        throw new ModelFileException(
            "weights %s: expected tensors of at most %d bytes, as large as a shard may be, received %s of %d"
                .formatted(index, most, tensor, bytes));
      }
      if (size + bytes > most) {
        begin();
      }
      size += bytes;
      total += bytes;
      Hdf5Writer.Group group = root.group(entry.path());
      if (map.put("/" + entry.path(), shard)) {
        group.attribute("name", entry.name());
      }
      group.dataset(Integer.toString(number), tensor);
    }

    private JsonObject json() {
      JsonObject metadata = new JsonObject();
      metadata.addProperty("total_size", total);
      JsonObject groups = new JsonObject();
      map.asMap()
          .forEach(
              (group, shards) -> {
                JsonArray names = new JsonArray();
                shards.forEach(names::add);
                groups.add(group, names);
              });
      JsonObject json = new JsonObject();
      json.add("metadata", metadata);
      json.add(MAP, groups);
      return json;
    }
  }
}
